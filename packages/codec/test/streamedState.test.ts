/** States with a streamed last field: the same bytes as an array, read one item at a time. */
import { arrayOf, type Streamed, stateCodec, streamedStateCodec, streamOf, struct, text8, u16 } from '@oms/codec';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attempt, bytesOf, hexOf, readerOf } from './bytes.ts';

interface Book {
  readonly title: string;
  readonly pages: number;
}
interface Shelf {
  readonly room: string;
  readonly books: Streamed<Book>;
}
interface WholeShelf extends Omit<Shelf, 'books'> {
  readonly books: readonly Book[];
}

const book = struct<Book>('Book', { title: text8, pages: u16 });
const whole = stateCodec<WholeShelf>({ name: 'Shelf', fields: { room: text8, books: arrayOf(book) } });
const streamed = streamedStateCodec<WholeShelf, Shelf>(
  { name: 'Shelf', fields: { room: text8, books: streamOf(book) } },
  (shelf) => ({
    room: shelf.room,
    books: { length: shelf.books.length, [Symbol.iterator]: () => shelf.books.values() },
  }),
  ({ room, books }) => ({ room, books: [...books] }),
);

const shelves: fc.Arbitrary<WholeShelf> = fc.record({
  room: fc.string({ maxLength: 5 }),
  books: fc.array(fc.record({ title: fc.string({ maxLength: 5 }), pages: fc.nat(65_535) })),
});

describe('a streamed state', () => {
  it('has the bytes of an array, and comes back as it was', () => {
    fc.assert(
      fc.property(shelves, (shelf) => {
        const bytes = bytesOf((writer) => streamed.encode(shelf, writer));
        expect(hexOf(bytes)).toBe(hexOf(bytesOf((writer) => whole.encode(shelf, writer))));
        const reader = readerOf(bytes);
        expect(streamed.decode(reader)).toEqual(shelf);
        expect(reader.offset).toBe(reader.end);
      }),
    );
  });

  it('refuses what an array refuses: truncations and counts that do not fit', () => {
    fc.assert(
      fc.property(shelves, fc.nat(), fc.nat(255), (shelf, at, byte) => {
        const bytes = bytesOf((writer) => streamed.encode(shelf, writer));
        for (let length = 0; length < bytes.length; length++) {
          expect(attempt(streamed.decode, bytes.subarray(0, length))).toEqual({ refused: 'CODEC_MALFORMED' });
        }
        bytes[at % bytes.length] = byte;
        expect(attempt(streamed.decode, bytes)).toEqual(attempt(whole.decode, bytes));
      }),
    );
  });

  it('is only for a last field of structs', () => {
    const make = () =>
      streamedStateCodec<Shelf, Shelf>(
        { name: 'Shelf', fields: { books: streamOf(book), room: text8 } },
        (shelf) => shelf,
        (shelf) => shelf,
      );
    expect(make).toThrow(/room is no stream/);
  });
});
