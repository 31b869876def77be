import { Check as Tick, Copy, House, LoaderCircle, Minus, TriangleAlert, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { ITEMS, reportOf, type Result, type Results, summaryOf } from '../check/report.js';
import { runChecks } from '../check/run-checks.js';
import type { AppConfig } from '../config.js';
import { useCopied } from '../lib/useCopied.js';
import { t } from '../strings.js';
import { Button } from '../ui/Button.js';
import { Frame } from '../ui/Frame.js';
import styles from './Check.module.css';

interface CheckProps {
  readonly config: AppConfig;
  readonly token: string | null;
  readonly onHome: () => void;
}

const ICONS = { passed: Tick, limited: TriangleAlert, failed: X, skipped: Minus } as const;

type Running = 'no' | 'yes' | 'done';

function Line({ result }: { readonly result: Result | undefined }) {
  if (result === undefined) {
    return null;
  }
  const Icon = ICONS[result.verdict];
  return (
    <div className={styles.result}>
      <strong>
        <Icon size={16} aria-hidden="true" />
        {t.check.verdicts[result.verdict]}
      </strong>
      {result.code !== null && <p>{t.check.codes[result.code]}</p>}
    </div>
  );
}

/** Nothing to tell: the report can be selected by hand. */
function shown(): void {
  document.querySelector<HTMLElement>('[data-testid=check-report]')?.focus();
}

/** Finds out whether calls work from here, and says what is in the way. */
export function Check({ config, token, onHome }: CheckProps) {
  const [running, setRunning] = useState<Running>('no');
  const [results, setResults] = useState<Results>(new Map());
  const [report, setReport] = useState<string | null>(null);
  const [copied, copy] = useCopied(report, shown);
  const abort = useRef<AbortController | null>(null);

  useEffect(
    () => () => {
      abort.current?.abort();
    },
    [],
  );

  const start = (): void => {
    const control = new AbortController();
    const { signal } = control;
    abort.current = control;
    let all: Results = new Map();
    setResults(all);
    setReport(null);
    setRunning('yes');
    const over = (): void => {
      if (!signal.aborted) {
        const at = new Date();
        const { origin } = window.location;
        setReport(reportOf(all, { at, origin, agent: navigator.userAgent }));
        setRunning('done');
      }
    };
    runChecks({
      config,
      token,
      signal,
      found: (item, result) => {
        if (!signal.aborted) {
          all = new Map(all).set(item, result);
          setResults(all);
        }
      },
    }).then(over, over);
  };

  const summary = summaryOf(results);
  return (
    <Frame>
      <main className={styles.check} data-testid="check">
        <h1>{t.check.title}</h1>
        <p className={styles.lead}>{t.check.lead}</p>
        <div className={styles.actions}>
          <Button
            look="primary"
            size="large"
            disabled={running === 'yes'}
            data-testid="check-start"
            onClick={start}
          >
            {running === 'yes' && <LoaderCircle size={20} className={styles.spinner} />}
            {running === 'no' ? t.check.start : running === 'yes' ? t.check.running : t.check.again}
          </Button>
          <Button look="quiet" size="large" onClick={onHome}>
            <House size={18} />
            {t.ended.home}
          </Button>
        </div>
        <div role="status">
          {running === 'done' && (
            <p className={styles.summary} data-summary={summary} data-testid="check-summary">
              {t.check[summary]}
            </p>
          )}
        </div>
        {running !== 'no' && (
          <ul className={styles.list}>
            {ITEMS.map((item) => {
              const result = results.get(item);
              return (
                <li
                  key={item}
                  data-testid={`check-${item}`}
                  data-verdict={result?.verdict ?? 'running'}
                >
                  <h2>{t.check.items[item]}</h2>
                  {result === undefined ? (
                    <LoaderCircle
                      size={18}
                      className={styles.spinner}
                      aria-label={t.check.running}
                    />
                  ) : (
                    <Line result={result} />
                  )}
                </li>
              );
            })}
          </ul>
        )}
        {report !== null && (
          <section className={styles.report}>
            <Button onClick={copy} data-testid="check-copy">
              {copied ? <Tick size={18} /> : <Copy size={18} />}
              {copied ? t.call.copied : t.check.copy}
            </Button>
            <pre tabIndex={0} aria-label={t.check.copy} data-testid="check-report">
              {report}
            </pre>
          </section>
        )}
      </main>
    </Frame>
  );
}
