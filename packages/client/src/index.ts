export * from './backOff.ts';
export type { OmsClientOptions } from './httpTransport.ts';
export * from './omsClient.ts';
export * from './omsError.ts';
export * from './omsStream.ts';
export type { OmsStreamOptions, Push, StreamState } from './streamConnection.ts';
export * from './streamSocket.ts';
export type { AccountChannel, MarketChannel, Subscription, SubscriptionHandler } from './subscription.ts';
export {
  ProgramSignIn,
  type ProgramSignInOptions,
  type SignedIn,
  type TokenOption,
  type TokenSource,
} from './tokenSource.ts';
export * from './wireTypes.ts';
