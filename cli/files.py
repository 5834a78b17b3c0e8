"""Files that a verb writes, or writes anew."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from cli.exit_codes import Failure
from server.whole_files import whole


def write(path: Path, text: str) -> None:
    """Put a new text in the place of the old one, in one step, so that nothing is lost if that fails. Raises Failure."""
    with replacing(path) as tell:
        tell(text.encode())


@contextmanager
def replacing(path: Path) -> Iterator[Callable[[bytes], None]]:
    """Gives what writes. All of it takes the place of the file when the block ends well; else the old one stays. Raises Failure."""
    with ExitStack() as opened:
        with told(path):
            file = opened.enter_context(at(path))

        def tell(content: bytes) -> None:
            with told(path):
                file.write(content)

        yield tell
        with told(path):
            opened.close()


def at(path: Path) -> AbstractContextManager[BinaryIO]:
    """Nothing takes the place of what is no file: `/dev/stdout`, a pipe."""
    return path.open("wb") if path.exists() and not path.is_file() else whole(path.resolve())


@contextmanager
def told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Failure(f"cannot write `{path}`: {(error.strerror or 'unknown reason').lower()}") from error
