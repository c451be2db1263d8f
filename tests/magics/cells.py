"""Cells that several tests begin with."""

CART = """(defcaixa :nome "cart" :versao "0.1.0" :kind Servico
  :servicos ("servicos/cart.computeunit.yaml")
  :limits (:memory "1MiB" :fuel 10000 :wall-clock "1s"))"""

CATALOG = """(defcaixa :nome "catalog" :versao "0.1.0" :kind Servico
  :servicos ("servicos/catalog.computeunit.yaml"))"""

SHOP = """(defcaixa :nome "shop" :versao "0.1.0" :kind Aplicacao
  :membros ((:caixa "cart" :versao "^0.1") (:caixa "catalog" :versao "^0.1"))
  :contratos ((:de "cart" :para "catalog" :wit "wasi:http/proxy" :endpoint "/products/:id"))
  :placement (:estrategia SingleNode :clusters ("rio")))"""

CYCLE = """(defcaixa :nome "shop" :versao "0.2.0" :kind Aplicacao
  :membros ((:caixa "cart" :versao "^0.1") (:caixa "catalog" :versao "^0.1"))
  :contratos ((:de "cart" :para "catalog" :wit "http:a" :endpoint "/a")
              (:de "catalog" :para "cart" :wit "http:b" :endpoint "/b"))
  :placement (:estrategia SingleNode :clusters ("rio")))"""

WASM = """%%wasm cart
(module
  (func (export "add") (param i32 i32) (result i32)
    (i32.add (local.get 0) (local.get 1)))
  (func (export "spin") (loop $again br $again))
  (func (export "crash") unreachable))
"""
