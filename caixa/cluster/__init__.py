"""Targets of a deploy: a GitOps repository, a Kubernetes API server, this machine."""
