"""Infrastructure as typed data: `(defteia …)` forms, checked, and written for the tools that act on it.

    reader      forms  → Infrastructure        (all problems at once, each at its place)
    arch        Infrastructure → Report        (invariants, and the `defcheck` rules of the package)
    document    Infrastructure → .tf.json      (Terraform and OpenTofu)
    pangea      Infrastructure → Ruby
    forge       a provider's schema JSON → `(defteia-schema …)`, against which declarations are checked
    provedor    a schema → Go source of a provider
    program     runs terraform or tofu, in a session of its own

All but `program` are functions of values. The sources are caixa.md 4.5, 4.6 and 4.8 (G22 to G24).
"""
