/** Writes the AsyncAPI 3 document of the WebSocket from the tables of operations and channels. */
import { Type } from 'typebox';
import { type JsonObject, SchemaComponents } from './openApiDocument.ts';
import { CHANNEL_DATA, SOCKET_OPERATIONS, SocketErrorSchema, type SocketOperation } from './socketMessages.ts';

const RequestId = Type.Union([Type.String({ maxLength: 64 }), Type.Integer()], {
  description: 'Chosen by the client; the answer carries it.',
});
const CHANNEL = { $ref: '#/channels/socket' };

/** The whole document. */
export function asyncApiDocument(): JsonObject {
  const components = new SchemaComponents();
  const messages: Record<string, JsonObject> = { error: message('Any request refused', errorAnswer(components)) };
  const operations: Record<string, JsonObject> = {};
  for (const [op, operation] of Object.entries<SocketOperation>(SOCKET_OPERATIONS)) {
    const name = op.replace('.', '_');
    messages[`${name}_request`] = message(operation.summary, requestOf(op, operation, components));
    messages[`${name}_answer`] = message(`Answer to ${op}`, answerOf(operation, components));
    operations[name] = {
      action: 'receive',
      channel: CHANNEL,
      summary: operation.summary,
      messages: [messageReference(`${name}_request`)],
      reply: { channel: CHANNEL, messages: [messageReference(`${name}_answer`), messageReference('error')] },
    };
  }
  for (const channel of Object.keys(CHANNEL_DATA) as (keyof typeof CHANNEL_DATA)[]) {
    messages[`${channel}_push`] = message(`Push of channel ${channel}`, pushOf(channel, components));
    operations[`push_${channel}`] = {
      action: 'send',
      channel: CHANNEL,
      messages: [messageReference(`${channel}_push`)],
    };
  }
  return {
    asyncapi: '3.0.0',
    info: { title: 'crypto-oms order stream', version: '1.0.0', description: DESCRIPTION },
    defaultContentType: 'application/json',
    channels: { socket: { address: '/v1/ws', messages } },
    operations,
    components: { schemas: components.schemas },
  };
}

const DESCRIPTION = `Requests \`{id, op, params}\` are answered \`{id, result}\` or \`{id, error}\`, not necessarily in order.
Pushes are \`{channel, sequence, data}\`. Private channels carry a gap-free sequence per account; orders and executions share
one. \`fromSequence\` replays from that sequence on; when it is no longer kept, \`{channel, error: {code: "SNAPSHOT_REQUIRED"}}\`
and \`{channel, sequence, snapshot}\` come first. Market channels are named \`book:SYMBOL\`, \`trades:SYMBOL\`, \`ticker:SYMBOL\`.
Close codes: 1003 binary frame, 1007 invalid UTF-8, 1009 frame above 1 MiB, 4008 reader too slow,
4401 not signed in (in time), token expired or revoked, 4429 too many connections.`;

const message = (summary: string, payload: JsonObject): JsonObject => ({ summary, payload });
const messageReference = (name: string) => ({ $ref: `#/channels/socket/messages/${name}` });
const closed = (required: readonly string[], properties: JsonObject): JsonObject => ({
  type: 'object',
  required,
  properties,
  additionalProperties: false,
});

const requestOf = (op: string, operation: SocketOperation, components: SchemaComponents): JsonObject =>
  closed(['id', 'op'], {
    id: components.refer(RequestId),
    op: { const: op },
    params: components.refer(operation.params),
  });

const answerOf = (operation: SocketOperation, components: SchemaComponents): JsonObject =>
  closed(['id', 'result'], {
    id: components.refer(RequestId),
    result: components.refer(operation.result),
    replayed: { const: true, description: 'The same order was placed before; this is it as it stands now.' },
  });

const errorAnswer = (components: SchemaComponents): JsonObject =>
  closed(['id', 'error'], {
    id: { anyOf: [components.refer(RequestId), { type: 'null' }] },
    error: components.refer(SocketErrorSchema),
  });

function pushOf(channel: keyof typeof CHANNEL_DATA, components: SchemaComponents): JsonObject {
  const name = { type: 'string', pattern: `^${channel}(:.+)?$` };
  const sequence = { type: 'integer', minimum: 0 };
  const data = components.refer(CHANNEL_DATA[channel]);
  const live = closed(['channel', 'sequence', 'data'], { channel: name, sequence, data });
  if (!['orders', 'executions', 'positions', 'balances'].includes(channel)) return live;
  const accountId = { type: 'string' };
  return {
    oneOf: [
      live,
      closed(['channel', 'accountId', 'error'], {
        channel: name,
        accountId,
        error: closed(['code'], { code: { const: 'SNAPSHOT_REQUIRED' } }),
      }),
      closed(['channel', 'accountId', 'sequence', 'snapshot'], {
        channel: name,
        accountId,
        sequence,
        snapshot: { type: 'array', items: data },
      }),
    ],
  };
}
