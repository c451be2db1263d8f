"""How everything looks: one style sheet, sent once with each output, in Lab's own colours where there are any.

Nord gives the colours of code and verdicts; both themes of Lab stay readable, since text and surfaces come from
Lab's variables and each accent is a pair, dark on light and light on dark.
"""

from __future__ import annotations

from typing import Final

from .elements import Child, Element, h

__all__ = ["NORD", "page"]

NORD: Final = {
    "frost": "#5e81ac",
    "ice": "#88c0d0",
    "green": "#a3be8c",
    "red": "#bf616a",
    "orange": "#d08770",
    "yellow": "#ebcb8b",
    "violet": "#b48ead",
}

_CSS: Final = """
.caixa{--cx-ink:var(--jp-content-font-color1,#2e3440);--cx-dim:var(--jp-content-font-color2,#4c566a);
--cx-line:var(--jp-border-color2,#d8dee9);--cx-bed:var(--jp-layout-color1,#fff);
  --cx-tint:var(--jp-layout-color2,#f4f6f9);
--cx-good:light-dark(#3f7a3a,#a3be8c);--cx-bad:light-dark(#a8323e,#e58a92);
  --cx-open:light-dark(#8a5a00,#ebcb8b);
--cx-mark:light-dark(#3b6ea5,#88c0d0);color:var(--cx-ink);
  font:13px/1.5 var(--jp-ui-font-family,system-ui,sans-serif);
color-scheme:light;max-width:62rem}
body[data-jp-theme-light="false"] .caixa{color-scheme:dark}
.caixa code,.caixa pre{font-family:var(--jp-code-font-family,ui-monospace,Menlo,Consolas,monospace);
  font-size:12px}
.caixa pre{margin:0;padding:.5rem .75rem;background:var(--cx-tint);color:var(--cx-ink);overflow-x:auto;
  line-height:1.45}
.caixa .cx-card{border:1px solid var(--cx-line);border-left:3px solid var(--cx-mark);border-radius:4px;
  background:var(--cx-bed);
padding:.55rem .8rem;margin:.15rem 0}
.caixa .cx-card.cx-refused{border-left-color:var(--cx-bad)}
.caixa header{display:flex;flex-wrap:wrap;gap:.1rem .75rem;align-items:baseline}
.caixa header b{font-size:15px}
.caixa .cx-dim{color:var(--cx-dim)}
.caixa .cx-tag{border:1px solid var(--cx-line);border-radius:99px;padding:0 .55em;font-size:11px;
  color:var(--cx-dim)}
.caixa ul{list-style:none;margin:.35rem 0 0;padding:0}
.caixa li{margin:.1rem 0;padding-left:1.5em;text-indent:-1.5em}
.caixa .cx-sign{display:inline-block;width:1.5em;text-indent:0;font-weight:700}
.caixa .cx-proved .cx-sign,.caixa .cx-added{color:var(--cx-good)}
.caixa .cx-refuted .cx-sign,.caixa .cx-removed,.caixa .cx-error{color:var(--cx-bad)}
.caixa .cx-unchecked .cx-sign,.caixa .cx-changed,.caixa .cx-warning{color:var(--cx-open)}
.caixa .cx-finding{margin:.4rem 0 0;border-top:1px solid var(--cx-line);padding-top:.35rem}
.caixa .cx-finding p{margin:.15rem 0}
.caixa .cx-caret{color:var(--cx-bad);font-weight:700}
.caixa table{border-collapse:collapse;margin:.25rem 0;font-size:12.5px}
.caixa th,.caixa td{text-align:left;padding:.2rem .9rem .2rem 0;border-bottom:1px solid var(--cx-line);
  vertical-align:top;
white-space:pre-wrap}
.caixa th{color:var(--cx-dim);font-weight:600}
.caixa caption{text-align:left;color:var(--cx-dim);padding-bottom:.2rem}
.caixa details{border:1px solid var(--cx-line);border-radius:4px;margin:.25rem 0;background:var(--cx-bed);
  overflow:hidden}
.caixa details details{margin:.25rem .5rem}
.caixa summary{cursor:pointer;padding:.25rem .6rem}
.caixa summary:focus-visible,.caixa .cx-tools :focus-visible{outline:2px solid var(--cx-mark);
  outline-offset:-2px}
.caixa .cx-tools{display:flex;gap:.4rem;align-items:center;padding:.15rem .6rem .35rem}
.caixa .cx-tools a,.caixa .cx-tools button{font:inherit;font-size:11.5px;color:var(--cx-mark);
  background:none;
border:1px solid var(--cx-line);border-radius:3px;padding:0 .6em;text-decoration:none;cursor:pointer}
.caixa .cx-tools a:hover,.caixa .cx-tools button:hover{background:var(--cx-tint)}
.caixa meter{width:9rem;height:.8em;vertical-align:middle}
.caixa .cx-value{font-size:15px}
.caixa .cx-key{color:light-dark(#33618f,#88c0d0)}.caixa .cx-string{color:light-dark(#4a7a2c,#a3be8c)}
.caixa .cx-number{color:light-dark(#8b4a86,#c9a6c4)}.caixa .cx-word{color:light-dark(#a0522d,#d08770)}
.caixa .cx-comment{color:var(--cx-dim);font-style:italic}.caixa .cx-punct{color:var(--cx-dim)}
"""


def page(*children: Child) -> Element:
    """Return `children` as one output, with the style sheet that they need."""
    return h("div", h("style", _CSS), *children, class_="caixa")
