import { BarePeer } from '../lib/bare-peer.js';
import { expect, test } from '../lib/test.js';

interface Code {
  readonly digits: readonly string[];
  readonly emoji: readonly string[];
}

declare const window: {
  readonly peer: {
    readonly room: {
      readonly peers: ReadonlyMap<
        string,
        { readonly info: { readonly identity: string }; verificationCode(): Code | null }
      >;
    };
  };
};

function codes(peer: BarePeer): Promise<Record<string, Code | null>> {
  return peer.page.evaluate(() =>
    Object.fromEntries(
      [...window.peer.room.peers.values()].map((other) => [
        other.info.identity,
        other.verificationCode(),
      ]),
    ),
  );
}

test('both sides of a pair have the same code, and each pair another one', async ({
  browser,
  nginx,
}) => {
  const ann = await BarePeer.join(browser, nginx, 'verified', 'Ann');
  const ben = await BarePeer.join(browser, nginx, 'verified', 'Ben');
  const cem = await BarePeer.join(browser, nginx, 'verified', 'Cem');
  await expect(async () => {
    const [ofAnn, ofBen, ofCem] = [await codes(ann), await codes(ben), await codes(cem)];
    expect(ofAnn.Ben?.digits).toHaveLength(4);
    expect(ofAnn.Ben).toEqual(ofBen.Ann);
    expect(ofAnn.Cem?.emoji).toHaveLength(8);
    expect(ofAnn.Cem).toEqual(ofCem.Ann);
    expect(ofBen.Cem).toEqual(ofCem.Ben);
    expect(ofAnn.Ben).not.toEqual(ofAnn.Cem);
  }).toPass({ timeout: 20_000 });
  for (const peer of [ann, ben, cem]) {
    await peer.close();
  }
});
