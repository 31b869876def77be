/** Puts text into the clipboard, by the old way where a page may not use the new one. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'unseen';
  // Inside a modal dialog everything else is inert.
  (document.querySelector('dialog[open]') ?? document.body).append(area);
  area.select();
  // The only way on pages that were not loaded over HTTPS.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const copied = document.execCommand('copy');
  area.remove();
  return copied;
}
