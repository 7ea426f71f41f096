/** The two ways in which bytes, or a value that should become bytes, are refused. */
import { InfrastructureError } from '@oms/ports';

/** Truncated, absurd or not canonical bytes; or a value outside its field's range. */
export function malformed(where: string, what: string): never {
  throw new InfrastructureError('CODEC_MALFORMED', `${where}: ${what}`);
}

/** Bytes written by a newer build, or not by us at all. */
export function unknownVersion(what: string): never {
  throw new InfrastructureError('CODEC_UNKNOWN_VERSION', what);
}
