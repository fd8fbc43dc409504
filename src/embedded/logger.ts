/** What the embedded servers need of a logger; pino's loggers fit. */
export interface EmbeddedLogger {
  debug(details: object, message: string): void
  info(details: object, message: string): void
  warn(details: object, message: string): void
}
