"""Elements of a page. What stands in them is escaped when the page is written."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element, tostring

from dsl.text import visible

Inside = Element | str


def element(tag: str, *inside: Inside, **attributes: str | float) -> Element:
    """`class_` and the like lose their underscore, others become dashes: `stroke_width`."""
    made = Element(tag, {named(name): shown(value) for name, value in attributes.items()})
    for each in inside:
        if isinstance(each, Element):
            made.append(each)
        elif len(made):
            made[-1].tail = (made[-1].tail or "") + plain(each)
        else:
            made.text = (made.text or "") + plain(each)
    return made


def named(attribute: str) -> str:
    return "viewBox" if attribute == "view_box" else attribute.rstrip("_").replace("_", "-")


def shown(value: str | float) -> str:
    return plain(value) if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")


def plain(text: str) -> str:
    """With a sign for every character that hides or steers."""
    return "\n".join(map(visible, text.split("\n")))


def table(
    caption: Inside, heads: Iterable[Inside], rows: Iterable[Iterable[Inside]], **attributes: str
) -> Element:
    """The first cell of a row is its head. Where there is no room for it, it is scrolled."""
    head = element("thead", element("tr", *(element("th", each, scope="col") for each in heads)))
    body = element("tbody", *(row(cells) for cells in rows))
    return scrolled(element("table", element("caption", caption), head, body, **attributes))


def scrolled(inside: Element) -> Element:
    """By keys, too."""
    return element("div", inside, class_="scroll", tabindex="0")


def unseen(text: str) -> Element:
    """Told to whom does not see that it stands beside already, or shows by itself."""
    return element("span", text, class_="unseen")


def row(cells: Iterable[Inside]) -> Element:
    first, *rest = cells
    return element("tr", element("th", first, scope="row"), *map(cell, rest))


def cell(inside: Inside) -> Element:
    ready = isinstance(inside, Element) and inside.tag == "td"
    return inside if ready else element("td", inside)  # type: ignore[return-value]


def details(summary: str, *inside: Inside, **attributes: str) -> Element:
    return element("details", element("summary", summary), *inside, **attributes)


def document(page: Element) -> str:
    return f"<!doctype html>\n{tostring(page, encoding='unicode', method='html')}\n"
