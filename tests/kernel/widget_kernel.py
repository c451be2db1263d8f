"""A kernel whose notebook can make a widget, as a Python cell would: what `test_widgets` talks to."""

from caixa_kernel import application
from caixa_kernel.kernel import CaixaKernel


def slider_and_label():
    import ipywidgets

    slider, label = ipywidgets.IntSlider(value=3), ipywidgets.Label("nothing yet")
    slider.observe(lambda change: setattr(label, "value", f"square={change['new'] ** 2}"), "value")
    widgets.update(slider=slider, label=label)
    return slider


widgets = {}


class WidgetKernel(CaixaKernel):
    @property
    def notebook(self):
        notebook = super().notebook
        notebook.session.interpreter.names.update(
            {
                "make-slider": slider_and_label,
                "slider-value": lambda: widgets["slider"].value,
                "label-id": lambda: widgets["label"].model_id,
            }
        )
        return notebook


application.CaixaKernel = WidgetKernel
application.main()
