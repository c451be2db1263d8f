"""How `pytest --nbval` compares the notebooks: their text, which is the same on every machine.

Rich output is made from the same models as the text, and a picture's bytes belong to its engine, not to what a
notebook promises (DESIGN section 3.6).
"""

RICH = ("text/html", "image/svg+xml", "text/vnd.graphviz")


def pytest_collectstart(collector):
    """Leave the rich MIME types of a notebook out of the comparison."""
    if hasattr(collector, "skip_compare"):
        collector.skip_compare += RICH
