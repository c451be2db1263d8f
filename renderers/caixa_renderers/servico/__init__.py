"""A Servico as what runs it: the ComputeUnit, its chart and release, its image and its workflow."""
