export * from './http/rateLimiter.ts';
export { createOrderApi, type OrderApi } from './main.ts';
export { type ApiBounds, DEFAULT_BOUNDS, type OrderApiOptions, type TlsIdentity } from './options.ts';
