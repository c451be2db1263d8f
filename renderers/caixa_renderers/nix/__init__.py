"""A package for Nix: flake.nix, from each package or from a `(defflake …)` (caixa.md section 4.4)."""
