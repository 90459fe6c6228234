#!/usr/bin/env python3
"""Opens pages of `bounce report --format html` in headless Chromium.

page.py BOUNCE ARGUMENT...    the arguments of `bounce report`, without --format

Checks that the page logs nothing to the console and asks for nothing from the network,
that its script ran, and that the figures of its tables are those of `--format json`.
A page that does what it must not is opened first: a check that cannot fail is none.
"""

import html
import html.parser
import json
import pathlib
import re
import subprocess
import sys
import tempfile

BROWSERS = ["chromium", "chromium-browser", "google-chrome", "chrome"]
# Rows of a table of the page.
ROWS = 500
BAD = """<!DOCTYPE html><meta http-equiv="Content-Security-Policy" content="script-src 'none'">
<img src="http://127.0.0.1:9/beacon.png"><script>document.title = 1</script>"""
# Orders each table by each column, both ways, and searches it for the first words of its last row.
USE = """
const told = [];
const cells = (table, n) => [...table.tBodies[0].rows].map(
  (row) => row.cells[n].dataset.v ?? row.cells[n].textContent.trim());
const rows = (table) => [...table.tBodies[0].rows];
for (const table of document.querySelectorAll("table[data-by]")) {
  const columns = [...table.tHead.rows[0].cells].map((head, n) => {
    const button = head.querySelector("button");
    if (!button) return { down: [], up: [] };
    button.click();
    const down = cells(table, n);
    button.click();
    return { down, up: cells(table, n) };
  });
  const one = { by: table.dataset.by, columns };
  const find = (table.closest(".scroll") ?? table).previousElementSibling;
  if (find?.matches("input.find")) {
    const type = (text) => { find.value = text; find.dispatchEvent(new Event("input")); };
    const shown = () => rows(table).filter((row) => !row.hidden).map((row) => row.textContent);
    const all = shown();
    const word = rows(table).at(-1).cells[0].textContent.trim().toUpperCase();
    type(word);
    const found = shown();
    type("no row has this");
    const none = shown().length;
    type("");
    one.search = { all, word, found, none, again: shown().length };
  }
  told.push(one);
}
const pre = document.createElement("pre");
pre.id = "used";
pre.textContent = JSON.stringify(told);
document.body.append(pre);
"""


def browser():
    for name in BROWSERS:
        found = subprocess.run(["which", name], capture_output=True, text=True).stdout.strip()
        if found:
            return found
    sys.exit("no browser")


def visit(page, folder):
    """The page's DOM after its scripts, what it logged, what it asked for."""
    log = folder / "net.json"
    log.unlink(missing_ok=True)
    run = subprocess.run(
        [
            browser(), "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            f"--user-data-dir={folder / 'profile'}", f"--log-net-log={log}",
            "--enable-logging=stderr", "--virtual-time-budget=3000", "--dump-dom", page.as_uri(),
        ],
        capture_output=True, text=True, errors="replace", timeout=120,
    )
    console = [line for line in run.stderr.splitlines() if ":CONSOLE" in line]
    return run.stdout, console, requests(log)


def requests(log):
    """URLs that a page asked for; what the browser asks for by itself has no initiator."""
    text = log.read_text(errors="replace").rstrip().rstrip(",")
    try:
        events = json.loads(text)["events"]
    except json.JSONDecodeError:
        # Ended before it wrote the end.
        events = json.loads(text + "]}")["events"]
    urls = set()
    for event in events:
        params = event.get("params") or {}
        if params.get("initiator", "not an origin") != "not an origin" and "url" in params:
            urls.add(params["url"])
    return sorted(u for u in urls if not u.startswith(("file:", "data:")))


class Tables(html.parser.HTMLParser):
    """Figures of the tables: (by, key, figure) -> (value, text)."""

    def __init__(self):
        super().__init__()
        self.by = self.key = self.cell = None
        self.figures = {}
        self.buttons = 0
        self.json = None
        self.data = False

    def handle_starttag(self, tag, attributes):
        a = dict(attributes)
        if tag == "table":
            self.by = a.get("data-by")
        elif tag == "tr":
            self.key = a.get("data-key")
        elif tag in ("td", "strong") and "data-f" in a:
            # The figures at the top of the page are those of the totals.
            place = (self.by, self.key) if tag == "td" else ("top", "total")
            self.cell = (*place, a["data-f"])
            self.figures[self.cell] = [a["data-v"], ""]
        elif tag == "button":
            self.buttons += 1
        elif tag == "script":
            self.data = a.get("id") == "report"

    def handle_endtag(self, tag):
        if tag in ("td", "strong"):
            self.cell = None
        elif tag == "script":
            self.data = False

    def handle_data(self, data):
        if self.cell:
            self.figures[self.cell][1] += data
        elif self.data:
            self.json = (self.json or "") + data


def shown(name, value):
    """True if a figure and its text say the same."""
    def check(text):
        if isinstance(value, bool):
            return text == ("yes" if value else "no")
        if isinstance(value, str):
            return text == value or text.startswith(value + "?")
        if isinstance(value, int) and not name.startswith("rate") and not name.endswith("_rate"):
            return text.replace(",", "") == str(value)
        return abs(float(text.removesuffix("%").strip()) - 100 * value) <= 0.051
    return check


def compare(report, page):
    groups = {(by, "total"): report["totals"] for by in ("total", "top")}
    for by, rows in report["by"].items():
        groups |= {(by, row["key"]): row for row in rows}
    seen = 0
    for (by, key, name), (value, text) in page.figures.items():
        figures = groups.get((by, key))
        if figures is None:
            continue
        expected = figures[name]
        plain = expected if isinstance(expected, str) else json.dumps(expected)
        assert value == plain or float(value) == expected, (by, key, name, value, expected)
        assert shown(name, expected)(text), (by, key, name, text, expected)
        seen += 1
    shown_groups = {(by, key) for by, key, _ in page.figures}
    tables = {by for by, _ in shown_groups}
    for by, rows in report["by"].items():
        missing = [r["key"] for r in rows if by in tables and (by, r["key"]) not in shown_groups]
        assert len(missing) <= max(0, len(rows) - ROWS), (by, missing)
    assert ("top", "total", "hard_bounce") in page.figures
    return seen


def used(page, folder):
    """What happens to the tables when somebody orders and searches them: a copy of the page
    with a script of ours, which its policy would not let run, does both."""
    text = page.read_text()
    bare, found = re.subn(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
    assert found == 1, "no policy"
    copy = folder / "used.html"
    copy.write_text(bare + f"<script>{USE}</script>")
    dom, console, _ = visit(copy, folder)
    assert not console, console
    told = re.search(r'<pre id="used">(.*?)</pre>', dom, re.S)
    assert told, "the tables were not used"
    return json.loads(html.unescape(told.group(1)))


def number(text):
    try:
        return float(text)
    except ValueError:
        return None


def ordered(values, down):
    """Whether numbers stand in order, with nothing said where a cell has none."""
    numbers = [n for n in map(number, values) if n is not None]
    return numbers == sorted(numbers, reverse=down)


def check_use(tables):
    columns = searches = 0
    for table in tables:
        for column in table["columns"]:
            if all(number(v) is not None for v in column["down"]):
                assert ordered(column["down"], True), (table["by"], column)
                assert ordered(column["up"], False), (table["by"], column)
                assert sorted(column["up"]) == sorted(column["down"]), (table["by"], column)
                columns += len(set(column["up"])) > 1
        if search := table.get("search"):
            expected = [r.lower() for r in search["all"]]
            words = search["word"].lower().split()
            hits = [r for r in expected if all(w in r for w in words)]
            assert 0 < len(hits) < len(expected), (table["by"], search["word"])
            assert [r.lower() for r in search["found"]] == hits, (table["by"], search["word"])
            assert search["none"] == 0 and search["again"] == len(expected), (table["by"], search)
            searches += 1
    assert columns > 5 and searches > 0, (columns, searches)
    return columns, searches


def main():
    program, arguments = sys.argv[1], sys.argv[2:]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        bad = folder / "bad.html"
        bad.write_text(BAD)
        _, console, asked = visit(bad, folder)
        assert console and asked, "the browser does not tell what a page does"

        page = folder / "page.html"
        make = [program, "report", *arguments]
        subprocess.run([*make, "--format", "html", "-o", page], check=True)
        report = json.loads(subprocess.run([*make, "--format", "json"], check=True, capture_output=True).stdout)
        dom, console, asked = visit(page, folder)
        assert not console, console
        assert not asked, asked
        tables = Tables()
        tables.feed(dom)
        assert json.loads(tables.json) == report, "the JSON of the page is another"
        assert tables.buttons > 0, "the script did not run"
        seen = compare(report, tables)
        assert seen > 100, f"{seen} figures"
        columns, searches = check_use(used(page, folder))
        print(f"page: {seen} figures equal, nothing logged, nothing loaded; {columns} columns ordered, "
              f"{searches} tables searched")


main()
