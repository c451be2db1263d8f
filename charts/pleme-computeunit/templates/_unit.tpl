{{/*
Templates of this chart take a dict: `unit` (its values), `name`, `namespace`. lareira-fleet-programs uses them
too, once for each of its programs.

The keys that are about the objects; every other one is a field of the spec, so that none can be forgotten.
*/}}
{{- define "pleme-computeunit.spec" -}}
{{- $spec := omit .unit "enabled" "global" "name" "namespace" "aplicacao" "versao" "placement" "labels" "annotations" "service" "function" "policy" "observability" -}}
{{- if not (hasKey $spec "resources") -}}
{{- $_ := set $spec "resources" (include "pleme-computeunit.resources" . | fromYaml) -}}
{{- end -}}
{{ mustToYaml $spec }}
{{- end -}}

{{/* The one trigger of a unit; fails, naming what was found, if there is none or more than one. */}}
{{- define "pleme-computeunit.trigger" -}}
{{- $found := list -}}
{{- range $key, $value := .unit.trigger -}}
{{- if not (kindIs "invalid" $value) -}}{{- $found = append $found $key -}}{{- end -}}
{{- end -}}
{{- if ne (len $found) 1 -}}
{{- $shown := $found | sortAlpha | join ", " | default "nothing" -}}
{{- fail (printf "%s: trigger holds %s, and takes exactly one of oneShot, cron, service, event, watch" .name $shown) -}}
{{- end -}}
{{ first $found }}
{{- end -}}

{{- define "pleme-computeunit.shape" -}}
{{- $trigger := include "pleme-computeunit.trigger" . -}}
{{- $shapes := dict "oneShot" "program" "cron" "job" "service" "service" "event" "function" "watch" "controller" -}}
{{- if not (hasKey $shapes $trigger) -}}
{{- fail (printf "%s: there is no trigger %s; write one of oneShot, cron, service, event, watch" .name $trigger) -}}
{{- end -}}
{{ get $shapes $trigger }}
{{- end -}}

{{/* The labels by which policies, services and monitors know the pods of a unit. */}}
{{- define "pleme-computeunit.selector" -}}
pleme.pleme.io/program: {{ .name | quote }}
{{- with .unit.aplicacao }}
pleme.pleme.io/aplicacao: {{ . | quote }}
{{- end }}
{{- end -}}

{{/* What a unit's own labels say wins, but for the mesh that it is a member of. */}}
{{- define "pleme-computeunit.labels" -}}
{{- $labels := dict "pleme.pleme.io/program" .name "pleme.pleme.io/shape" (include "pleme-computeunit.shape" .) -}}
{{- $labels = merge (deepCopy (.unit.labels | default dict)) $labels -}}
{{- with .unit.aplicacao -}}
{{- $labels = mergeOverwrite $labels (dict "pleme.pleme.io/program" $.name "pleme.pleme.io/aplicacao" .) -}}
{{- end -}}
{{ mustToYaml $labels }}
{{- end -}}

{{- define "pleme-computeunit.annotations" -}}
{{- $annotations := deepCopy (.unit.annotations | default dict) -}}
{{- with .unit.versao -}}{{- $_ := set $annotations "pleme.pleme.io/versao" . -}}{{- end -}}
{{- with .unit.placement -}}{{- $_ := set $annotations "pleme.pleme.io/placement" (toJson .) -}}{{- end -}}
{{- if $annotations -}}{{ mustToYaml $annotations }}{{- end -}}
{{- end -}}

{{/* The head of an object that goes with the unit. */}}
{{- define "pleme-computeunit.metadata" -}}
name: {{ .name | quote }}
namespace: {{ .namespace | quote }}
labels:
  {{- include "pleme-computeunit.labels" . | nindent 2 }}
{{- end -}}
