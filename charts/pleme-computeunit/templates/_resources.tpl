{{/*
The resources of a pod, from the limits of an instance: the engine needs 64Mi of its own, or the pod would be
killed before the instance reaches its limit. renderers/caixa_renderers/servico/pod_resources.py says the same.
*/}}
{{- define "pleme-computeunit.resources" -}}
{{- $limits := .unit.limits | default dict -}}
{{- $memory := add 67108864 (include "pleme-computeunit.bytes" (get $limits "memory" | default "192MiB") | int64) -}}
{{- $cpu := include "pleme-computeunit.millicores" (get $limits "cpu" | default "500m") | int64 -}}
requests:
  cpu: {{ min 50 $cpu }}m
  memory: 64Mi
limits:
  cpu: {{ $cpu }}m
  memory: {{ if mod $memory 1048576 }}{{ $memory | toString | quote }}{{ else }}{{ div $memory 1048576 }}Mi{{ end }}
{{- end -}}

{{/* A size such as 64MiB in bytes, a fraction of one cut off. */}}
{{- define "pleme-computeunit.bytes" -}}
{{- $units := dict "B" 1 "KB" 1000 "MB" 1000000 "GB" 1000000000 "KiB" 1024 "MiB" 1048576 "GiB" 1073741824 -}}
{{- $unit := regexFind "[A-Za-z]+" . | default "B" -}}
{{- mulf (regexFind "^[0-9.]+" . | float64) (get $units $unit) | floor | int64 -}}
{{- end -}}

{{/* A share of a CPU such as 500m or 2, in thousandths. */}}
{{- define "pleme-computeunit.millicores" -}}
{{- $count := regexFind "^[0-9]+" . | float64 | int64 -}}
{{- if hasSuffix "m" . }}{{ $count }}{{ else }}{{ mul $count 1000 }}{{ end -}}
{{- end -}}
