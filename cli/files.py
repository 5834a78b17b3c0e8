"""Files of rules, written anew."""

from pathlib import Path

from cli.exit_codes import Failure


def write(path: Path, text: str) -> None:
    """Put a new text in the place of the old one, in one step, so that nothing is lost if that fails. Raises Failure."""
    target = path.resolve()
    draft = target.with_name(f".{target.name}.draft")
    try:
        draft.write_text(text, encoding="utf-8", newline="\n")
        draft.chmod(target.stat().st_mode)
        draft.replace(target)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise Failure(f"cannot write `{path}`: {(error.strerror or 'unknown reason').lower()}") from error
