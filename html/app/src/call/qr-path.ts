/** The dark modules of a QR code as one path, a run of them in a row as one rectangle. */
export function pathOf(modules: readonly (readonly boolean[])[]): string {
  return modules
    .map((row, y) => {
      let path = '';
      for (let x = 0; x < row.length; x += 1) {
        if (row[x] === true) {
          let end = x;
          while (row[end] === true) {
            end += 1;
          }
          path += `M${x} ${y}h${end - x}v1H${x}z`;
          x = end;
        }
      }
      return path;
    })
    .join('');
}
