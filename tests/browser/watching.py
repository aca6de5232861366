"""What a browser complains about while a page is shown, and what axe finds on it."""

from dataclasses import dataclass, field

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

COLOURS = ("color-contrast", "link-in-text-block")
"""The rules of axe on which a theme bears."""

TURN = """async (theme) => {
  document.documentElement.dataset.theme = theme;
  do { await new Promise(requestAnimationFrame); } while (document.getAnimations().length);
}"""

AXE = """(options) => axe.run(options).then((found) => found.violations.map((one) => ({
  id: one.id,
  help: one.help,
  places: one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join("; "),
})))"""
"""Only what is told is brought over from the page: the whole answer has fifty thousand characters."""

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

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("requestfailed", lambda r: self.complaints.append(f"not loaded: {r.url}"))
        self.page.on("response", self._response)

    def _console(self, message) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"console: {message.text[:300]}")

    def _response(self, response) -> None:
        if response.status >= 400 and response.request.resource_type != "document":
            self.complaints.append(f"{response.status}: {response.url}")

    def check_width(self) -> None:
        """Complain if the page is wider than the window."""
        wide = self.page.evaluate(WIDEST_OVERFLOW)
        if wide:
            self.complaints.append(f"wider than the window: {wide}")

    def turn(self, theme: str) -> None:
        """Show the page in another theme, as its cookie would, and wait until it is painted."""
        self.page.evaluate(TURN, theme)

    def check_accessibility(
        self, rules: tuple[str, ...] = (), *, but: tuple[str, ...] = ()
    ) -> None:
        """Complain about everything that axe finds, or only what these rules find, or all but these."""
        options: dict[str, object] = {"resultTypes": ["violations"]}
        if rules:
            options["runOnly"] = {"type": "rule", "values": list(rules)}
        if but:
            options["rules"] = {rule: {"enabled": False} for rule in but}
        self.page.evaluate(AXE_SCRIPT)
        for one in self.page.evaluate(AXE, options):
            self.complaints.append(f"axe {one['id']}: {one['help']}: {one['places']}")
