"""What a browser complains about while a page is shown, and what axe finds on it."""

from dataclasses import dataclass, field

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

COLOURS = ("color-contrast", "link-in-text-block")
"""The rules of axe on which a theme bears; they take longer than all others together."""

TURN = """async (theme) => {
  document.documentElement.dataset.theme = theme;
  do { await new Promise(requestAnimationFrame); } while (document.getAnimations().length);
}"""

TELL = """(found) => found.violations.map((one) => ({
  id: one.id,
  help: one.help,
  places: one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join("; "),
}))"""
"""Only what is told is brought over from the page: the whole answer has fifty thousand characters."""

STRUCTURE = f"(options) => axe.run(options).then({TELL})"

LOOKS = """(known) => {
  const backgrounds = new Map();
  const behind = (node) => {
    if (!node) return "";
    if (!backgrounds.has(node)) {
      const style = getComputedStyle(node);
      const own = [style.backgroundColor, style.backgroundImage, style.opacity, style.position,
        style.filter, style.mixBlendMode].join(" ");
      const plain = "rgba(0, 0, 0, 0) none 1 static none normal";
      backgrounds.set(node, behind(node.parentElement) + (own === plain ? "" : ">" + own));
    }
    return backgrounds.get(node);
  };
  const look = (node) => {
    const style = getComputedStyle(node);
    return [node.localName, node.className, node.disabled ?? "", style.color, style.fontSize,
      style.fontWeight, style.textShadow, style.textDecorationLine,
      getComputedStyle(node.parentElement).color, behind(node)].join("|");
  };
  const digest = (text) => {
    let one = 7, two = 31;
    for (let n = 0; n < text.length; n++) {
      one = Math.imul(one ^ text.charCodeAt(n), 2654435761);
      two = Math.imul(two ^ text.charCodeAt(n), 1597334677);
    }
    return (two >>> 11) * 4294967296 + (one >>> 0);
  };
  const written = (node) => node.matches("input, select, textarea")
    || [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
  const fresh = new Map(), before = new Set(known);
  for (const node of document.body.querySelectorAll("*")) {
    if (!written(node) || !node.checkVisibility()) continue;
    const seen = digest(look(node));
    if (before.has(seen)) continue;
    fresh.set(seen, [...(fresh.get(seen) ?? []), node].slice(0, 3));
  }
  return fresh;
}"""
"""Texts by what bears on their contrast, without the looks that are known; three of each look."""

CONTRAST = f"""async ({{known, options}}) => {{
  const fresh = ({LOOKS})(known);
  const looks = [...fresh.keys()], nodes = [...fresh.values()].flat();
  const found = nodes.length ? await axe.run({{include: nodes}}, options).then({TELL}) : [];
  return [looks, found];
}}"""

ICON = "/favicon.ico"
"""What a browser asks for of its own accord where it shows a file; our pages name their icon."""

ONLY_FAULTS = {"resultTypes": ["violations"]}

WIDEST_OVERFLOW = """() => {
  const limit = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= limit) return null;
  const clipped = (node) => {
    for (let up = node.parentElement; up; up = up.parentElement) {
      if (["auto", "scroll", "hidden"].includes(getComputedStyle(up).overflowX)) return true;
    }
    return false;
  };
  const wide = [...document.body.querySelectorAll("*")].filter(
    (node) => node.getBoundingClientRect().right > limit + 1 && !clipped(node));
  const last = wide[wide.length - 1];
  return last ? last.outerHTML.slice(0, 160) : "the page itself";
}"""


@dataclass
class Watched:
    """A page under watch; ``complaints`` fills as it loads."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    fine: set[int] = field(default_factory=set)
    """The looks of texts whose contrast was enough."""

    def __post_init__(self) -> None:
        self.page.add_init_script(AXE_SCRIPT)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("requestfailed", self._not_loaded)
        self.page.on("response", self._response)

    def _console(self, message) -> None:
        of_its_own = message.location.get("url", "").endswith(ICON)
        if message.type in ("error", "warning") and not of_its_own:
            self.complaints.append(f"console: {message.text[:300]}")

    def _not_loaded(self, request) -> None:
        if not request.url.endswith(ICON):
            self.complaints.append(f"not loaded: {request.url}")

    def _response(self, response) -> None:
        if response.url.endswith(ICON) or response.request.resource_type == "document":
            return
        if response.status >= 400:
            self.complaints.append(f"{response.status}: {response.url}")

    def check_width(self) -> None:
        """Complain if the page is wider than the window."""
        wide = self.page.evaluate(WIDEST_OVERFLOW)
        if wide:
            self.complaints.append(f"wider than the window: {wide}")

    def turn(self, theme: str) -> None:
        """Show the page in another theme, as its cookie would, and wait until it is painted."""
        self.page.evaluate(TURN, theme)

    def check_accessibility(self) -> None:
        """Complain about everything that axe finds."""
        self.check_structure()
        self.check_colours()

    def check_structure(self) -> None:
        """Complain about all that axe finds but colours."""
        disabled = {rule: {"enabled": False} for rule in COLOURS}
        self._tell(self.page.evaluate(STRUCTURE, {**ONLY_FAULTS, "rules": disabled}))

    def check_colours(self) -> None:
        """Complain about contrast, of one text in so many that look alike here and on earlier pages."""
        options = {**ONLY_FAULTS, "runOnly": {"type": "rule", "values": list(COLOURS)}}
        looks, found = self.page.evaluate(CONTRAST, {"known": list(self.fine), "options": options})
        self._tell(found)
        if not found:
            self.fine.update(looks)

    def _tell(self, found: list[dict[str, str]]) -> None:
        for one in found:
            self.complaints.append(f"axe {one['id']}: {one['help']}: {one['places']}")
