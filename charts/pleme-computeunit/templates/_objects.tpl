{{/* Everything that a unit becomes, as documents. */}}
{{- define "pleme-computeunit.objects" -}}
{{- if not (dig "module" "source" (dig "module" "oci" "" .unit) .unit) -}}
{{- fail (printf "%s: module has neither source nor oci, so nothing can run" .name) -}}
{{- end -}}
{{- $shape := include "pleme-computeunit.shape" . -}}
---
{{ include "pleme-computeunit.computeunit" . }}
{{- if eq $shape "service" }}
{{- if dig "service" "enabled" true .unit }}
---
{{ include "pleme-computeunit.service" . }}
{{- end }}
{{- if dig "enabled" false (include "pleme-computeunit.breathability" . | fromYaml) }}
---
{{ include "pleme-computeunit.http-scaled-object" . }}
{{- end }}
{{- if dig "observability" "serviceMonitor" "enabled" false .unit }}
---
{{ include "pleme-computeunit.service-monitor" . }}
{{- end }}
{{- end }}
{{- if eq $shape "function" }}
---
{{ include "pleme-computeunit.scaled-object" . }}
{{- end }}
{{- if dig "policy" "enabled" false .unit }}
---
{{ include "pleme-computeunit.policy" . }}
{{- end }}
{{- if dig "observability" "prometheusRule" "enabled" false .unit }}
---
{{ include "pleme-computeunit.prometheus-rule" . }}
{{- end }}
{{- end -}}

{{- define "pleme-computeunit.computeunit" -}}
apiVersion: wasm.pleme.io/v1alpha1
kind: ComputeUnit
metadata:
  name: {{ .name | quote }}
  namespace: {{ .namespace | quote }}
  labels:
    {{- include "pleme-computeunit.labels" . | nindent 4 }}
  {{- with include "pleme-computeunit.annotations" . }}
  annotations:
    {{- . | nindent 4 }}
  {{- end }}
spec:
  {{- include "pleme-computeunit.spec" . | nindent 2 }}
{{- end -}}

{{- define "pleme-computeunit.service" -}}
{{- $port := dig "port" 8080 .unit.trigger.service | int64 -}}
apiVersion: v1
kind: Service
metadata:
  {{- include "pleme-computeunit.metadata" . | nindent 2 }}
  {{- with dig "service" "annotations" dict .unit }}
  annotations:
    {{- mustToYaml . | nindent 4 }}
  {{- end }}
spec:
  type: {{ dig "service" "type" (dig "serviceType" "ClusterIP" .unit.trigger.service) .unit }}
  selector:
    {{- include "pleme-computeunit.selector" . | nindent 4 }}
  ports:
    - name: http
      port: {{ $port }}
      targetPort: {{ $port }}
      protocol: TCP
    {{- if ne $port 9090 }}
    - name: metrics
      port: 9090
      targetPort: 9090
      protocol: TCP
    {{- end }}
{{- end -}}

{{- define "pleme-computeunit.service-monitor" -}}
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  {{- include "pleme-computeunit.metadata" . | nindent 2 }}
spec:
  selector:
    matchLabels:
      {{- include "pleme-computeunit.selector" . | nindent 6 }}
  endpoints:
    - port: {{ ternary "http" "metrics" (eq (dig "port" 8080 .unit.trigger.service | int64) 9090) }}
      path: /metrics
      interval: {{ dig "observability" "serviceMonitor" "interval" "30s" .unit }}
{{- end -}}

{{- define "pleme-computeunit.prometheus-rule" -}}
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  {{- include "pleme-computeunit.metadata" . | nindent 2 }}
spec:
  groups:
    - name: {{ .name | quote }}
      interval: 30s
      rules:
        {{- dig "observability" "prometheusRule" "rules" list .unit | mustToYaml | nindent 8 }}
{{- end -}}

{{- define "pleme-computeunit.policy" -}}
{{- $policy := .unit.policy -}}
apiVersion: {{ required (printf "%s: policy.apiVersion says what the controller reads" .name) $policy.apiVersion }}
kind: {{ required (printf "%s: policy.kind says what the controller reads" .name) $policy.kind }}
metadata:
  {{- include "pleme-computeunit.metadata" (mergeOverwrite (dict) . (dict "name" (dig "name" .name $policy))) | nindent 2 }}
spec:
  {{- dig "spec" dict $policy | mustToYaml | nindent 2 }}
{{- end -}}
