"""The substrate of caixa notebooks: the language, the typed package, its identity and its run time.

Nothing in here imports Jupyter or Kubernetes, and wasmtime only inside the engine process.
"""
