import { useEffect, useState } from 'react';

/** True once something has been true for a while; false again at once. */
export function useDelayed(value: boolean, milliseconds: number): boolean {
  const [late, setLate] = useState(false);

  useEffect(() => {
    if (!value) {
      return;
    }
    const timer = setTimeout(() => {
      setLate(true);
    }, milliseconds);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [value, milliseconds]);

  return late && value;
}
