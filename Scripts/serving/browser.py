#!/usr/bin/env python3
"""Uses the web page of a running server as a person would, wide and narrow: browser.py ADDRESS CHROMIUM FOLDER AXE.

Pictures of its states are written to the folder. AXE is axe.min.js, whose rules for accessibility are checked. Fails at a
mistake that the browser reports, at anything loaded from elsewhere, and where the page is wider than its window. Needs playwright
and pillow.
"""
import os
import sys

from PIL import Image
from playwright.sync_api import sync_playwright

from service import SAMPLE

address, chromium, folder, axe = sys.argv[1:]
STATES = ["empty", "reading", "read", "correcting"]
WIDTHS = [1280, 390]


def stop(message):
    sys.exit(f"The page: {message}")


def use(browser, width):
    page = browser.new_context(viewport={"width": width, "height": 640 if width > 800 else 844}).new_page()
    mistakes = []
    page.on("console", lambda message: message.type in ("error", "warning") and mistakes.append(message.text))
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    page.on("request", lambda request: request.url.startswith((address, "blob:", "data:")) or mistakes.append(request.url))

    def picture(state):
        page.screenshot(path=os.path.join(folder, f"{state}-{width}.png"))
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            stop(f"in the state {state}, it is {wide} pixels wide in a window of {width}.")
        page.evaluate(open(axe).read())
        for found in page.evaluate("axe.run().then(result => result.violations)"):
            stop(f"in the state {state} at {width} pixels: {found['id']}: {found['help']}: {found['nodes'][0]['html']}")

    page.goto(address)
    page.wait_for_selector("#service:not(:empty)")
    picture("empty")

    held = []
    page.route("**/v1/read*", lambda route: held.append(route))
    page.set_input_files("#file", SAMPLE)
    page.wait_for_selector("#progress")
    while not held:
        page.wait_for_timeout(20)
    picture("reading")
    held[0].continue_()

    lines = page.locator("#lines li")
    lines.first.wait_for()
    page.wait_for_selector("#progress", state="hidden")
    if lines.count() != 7:
        stop(f"{lines.count()} lines of the sample page were read; it has 7.")
    # A word and its place are marked together.
    lines.nth(2).locator("span[data-word]").nth(1).hover()
    page.wait_for_selector("#overlay .word.current")
    picture("read")

    # With the keyboard: down a line, correct it, keep it.
    lines.nth(2).locator("button.show").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    field = lines.nth(3).locator("input")
    field.wait_for()
    field.press("End")
    field.type(" corrected")
    picture("correcting")
    field.press("Enter")
    if not lines.nth(3).locator("button.show").inner_text().endswith("corrected"):
        stop("a correction was not kept.")
    if page.locator("#send").is_visible():
        with page.expect_response("**/v1/feedback") as sent:
            page.locator("#send").click()
        if sent.value.status != 201:
            stop(f"corrections were answered with {sent.value.status}.")
    with page.expect_download() as download:
        page.locator("#save-page").click()
    if "corrected" not in open(download.value.path()).read():
        stop("the PAGE file lacks the correction.")
    page.select_option("#language", "fr")
    if page.locator("#start-title").inner_text() == "" and page.locator("#again").inner_text() == "Another picture":
        stop("it does not speak French.")
    if mistakes:
        stop("; ".join(mistakes))


def sheet():
    """The states of the page side by side, wide above narrow."""
    rows = []
    for width, height in [(1280, 300), (390, 560)]:
        pictures = [Image.open(os.path.join(folder, f"{state}-{width}.png")).convert("RGB") for state in STATES]
        rows.append([picture.resize((round(picture.width * height / picture.height), height), Image.LANCZOS) for picture in pictures])
    gap = 16
    whole = Image.new("RGB", (max(sum(p.width + gap for p in row) for row in rows) + gap, sum(row[0].height + gap for row in rows) + gap),
                      (200, 200, 200))
    y = gap
    for row in rows:
        x = (whole.width - sum(p.width + gap for p in row) + gap) // 2
        for picture in row:
            whole.paste(picture, (x, y))
            x += picture.width + gap
        y += row[0].height + gap
    whole.quantize(64).save(os.path.join(folder, "serving-states.png"), optimize=True)


with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
    for width in WIDTHS:
        use(browser, width)
        print(f"  The page at {width} pixels: empty, reading, read, and correcting.")
    browser.close()
sheet()
