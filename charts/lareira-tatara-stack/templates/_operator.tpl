{{- define "lareira-tatara-stack.selector" -}}
app.kubernetes.io/name: wasm-operator
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{- define "lareira-tatara-stack.metadata" -}}
name: wasm-operator
namespace: {{ .Release.Namespace | quote }}
labels:
  {{- include "lareira-tatara-stack.selector" . | nindent 2 }}
  app.kubernetes.io/part-of: lareira-tatara-stack
{{- end -}}

{{/* The name of what belongs to no namespace: two releases must not share it. */}}
{{- define "lareira-tatara-stack.cluster-name" -}}
{{ printf "wasm-operator-%s" .Release.Namespace | trunc 63 | trimSuffix "-" }}
{{- end -}}

{{- define "lareira-tatara-stack.cluster-labels" -}}
labels:
  {{- include "lareira-tatara-stack.selector" . | nindent 2 }}
  app.kubernetes.io/part-of: lareira-tatara-stack
{{- end -}}
