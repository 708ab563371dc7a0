/** OpenTelemetry severity numbers for the levels our sources know. https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber (read 2026-11-21) */
export const SEVERITY = { trace: 1, debug: 5, info: 9, notice: 10, warn: 13, error: 17, critical: 21 } as const;
