{{/*
What wakes a unit and lets it sleep: KEDA's objects (substrate.md section 1.12).

A service that breathes, whether its trigger says so or the spec does.
*/}}
{{- define "pleme-computeunit.breathability" -}}
{{- $service := .unit.trigger.service | default dict -}}
{{- if hasKey $service "breathability" -}}
{{ mustToYaml $service.breathability }}
{{- else if hasKey .unit "breathability" -}}
{{ mustToYaml .unit.breathability }}
{{- end -}}
{{- end -}}

{{- define "pleme-computeunit.http-scaled-object" -}}
{{- $service := .unit.trigger.service -}}
{{- $breath := include "pleme-computeunit.breathability" . | fromYaml -}}
apiVersion: http.keda.sh/v1alpha1
kind: HTTPScaledObject
metadata:
  {{- include "pleme-computeunit.metadata" . | nindent 2 }}
spec:
  {{- with $service.hosts }}
  hosts:
    {{- mustToYaml . | nindent 4 }}
  {{- end }}
  {{- with $service.paths }}
  pathPrefixes:
    {{- range . }}
    - {{ trimSuffix "*" . | quote }}
    {{- end }}
  {{- end }}
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ .name | quote }}
    service: {{ .name | quote }}
    port: {{ dig "port" 8080 $service | int64 }}
  replicas:
    min: {{ dig "minReplicas" 0 $breath | int64 }}
    max: {{ dig "maxReplicas" 5 $breath | int64 }}
  scaledownPeriod: {{ dig "cooldownPeriod" (dig "elasticity" "cooldownPeriod" 600 .unit) $breath | int64 }}
  scalingMetric:
    requestRate:
      granularity: 1s
      targetValue: {{ dig "targetPendingRequests" 1 $breath | int64 }}
      window: 1m
{{- end -}}

{{- define "pleme-computeunit.scaled-object" -}}
{{- $scaling := dig "function" "scaling" dict .unit -}}
{{- $elasticity := .unit.elasticity | default dict -}}
{{- $cooldown := include "pleme-computeunit.seconds" (dig "cooldown" "60s" .unit.trigger.event) | int64 -}}
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  {{- include "pleme-computeunit.metadata" . | nindent 2 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ .name | quote }}
  minReplicaCount: {{ dig "minReplicas" 0 $scaling | int64 }}
  maxReplicaCount: {{ dig "maxReplicas" (dig "function" "maxReplicas" 10 $elasticity) $scaling | int64 }}
  pollingInterval: {{ dig "pollingInterval" (dig "pollingInterval" 15 $elasticity) $scaling | int64 }}
  cooldownPeriod: {{ dig "cooldownPeriod" (dig "cooldownPeriod" $cooldown $elasticity) $scaling | int64 }}
  {{- if hasKey $elasticity "targetIdleReplicas" }}
  idleReplicaCount: {{ $elasticity.targetIdleReplicas | int64 }}
  {{- end }}
  triggers:
    - {{- include "pleme-computeunit.keda-trigger" . | nindent 6 }}
{{- end -}}

{{/* KEDA's trigger for the source of events; NATS is JetStream, since NATS Streaming is no more. */}}
{{- define "pleme-computeunit.keda-trigger" -}}
{{- $event := .unit.trigger.event -}}
{{- $kind := regexFind "^[^:]*" $event.source -}}
{{- $from := trimPrefix (printf "%s:" $kind) $event.source | quote -}}
{{- $lag := dig "lagThreshold" 10 $event | toString | quote -}}
{{- $own := dig "elasticity" "function" "kedaTrigger" dict .unit -}}
{{- if $own -}}
{{ mustToYaml $own }}
{{- else if eq $kind "nats" -}}
type: nats-jetstream
metadata:
  natsServerMonitoringEndpoint: {{ dig "natsMonitoring" "nats.nats.svc:8222" $event | quote }}
  account: $G
  stream: {{ dig "stream" .name $event | quote }}
  consumer: {{ dig "durableName" (dig "queueGroup" .name $event) $event | quote }}
  lagThreshold: {{ $lag }}
{{- else if eq $kind "kafka" -}}
type: kafka
metadata:
  bootstrapServers: {{ dig "kafkaBootstrap" "kafka:9092" $event | quote }}
  topic: {{ $from }}
  consumerGroup: {{ dig "consumerGroup" .name $event | quote }}
  lagThreshold: {{ $lag }}
{{- else if eq $kind "sqs" -}}
type: aws-sqs-queue
metadata:
  queueURL: {{ $from }}
  queueLength: {{ $lag }}
  awsRegion: {{ dig "awsRegion" "us-east-1" $event | quote }}
{{- else if eq $kind "redis-stream" -}}
type: redis-streams
metadata:
  address: {{ dig "redisAddress" "redis:6379" $event | quote }}
  stream: {{ $from }}
  consumerGroup: {{ dig "consumerGroup" .name $event | quote }}
  lagCount: {{ $lag }}
{{- else if eq $kind "rabbitmq" -}}
type: rabbitmq
metadata:
  host: {{ dig "rabbitmqHost" "amqp://rabbitmq:5672" $event | quote }}
  queueName: {{ $from }}
  mode: QueueLength
  value: {{ $lag }}
{{- else -}}
{{- fail (printf "%s: events come from nats:, kafka:, sqs:, redis-stream: or rabbitmq:, not from %s" .name $event.source) -}}
{{- end -}}
{{- end -}}

{{/* A time such as 60s, 5m or 1h in seconds. */}}
{{- define "pleme-computeunit.seconds" -}}
{{- $units := dict "s" 1 "m" 60 "h" 3600 -}}
{{- mul (regexFind "^[0-9]+" . | int64) (get $units (regexFind "[smh]$" .)) -}}
{{- end -}}
