"""Manifests of the packages that tests publish."""


def manifest(nome, versao="0.1.0", deps="", rest=""):
    return f'(defcaixa :nome "{nome}" :versao "{versao}" :kind Biblioteca :deps ({deps}) {rest})\n'
