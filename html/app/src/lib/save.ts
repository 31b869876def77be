/** Has the browser save a file, as if a link to it had been followed. */
export function saveBlob(file: Blob, name: string): void {
  const href = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = href;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  // The download has its own hold on the file by then.
  setTimeout(() => {
    URL.revokeObjectURL(href);
  }, 60_000);
}
