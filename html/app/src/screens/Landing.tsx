import { Activity, ArrowRight, Plus } from 'lucide-react';
import type { SyntheticEvent, ReactNode } from 'react';
import { useState } from 'react';
import type { AppConfig } from '../config.js';
import { parseJoinInput } from '../lib/links.js';
import { newRoomName } from '../lib/room-name.js';
import { t } from '../strings.js';
import { Button } from '../ui/Button.js';
import { TextField } from '../ui/Field.js';
import { Frame } from '../ui/Frame.js';
import { Illustration } from './Illustration.js';
import styles from './Landing.module.css';

interface LandingProps {
  readonly config: AppConfig;
  readonly onOpen: (room: string, token: string | null) => void;
  readonly onCheck: () => void;
}

export function Landing({ config, onOpen, onCheck }: LandingProps) {
  const [input, setInput] = useState('');
  const [error, setError] = useState<ReactNode>(null);

  const join = (event: SyntheticEvent): void => {
    event.preventDefault();
    const { origin, host } = window.location;
    const target = parseJoinInput(input, { origin, host, prefix: config.prefix });
    switch (target.kind) {
      case 'room':
        onOpen(target.room, target.token);
        break;
      case 'elsewhere':
        setError(
          <>
            {t.landing.elsewhere(target.host)} <a href={target.url}>{t.landing.goThere}</a>
          </>,
        );
        break;
      case 'empty':
        setError(t.landing.empty);
        break;
      case 'invalid':
        setError(input.includes('/') ? t.landing.invalidLink : t.landing.invalid);
        break;
    }
  };

  return (
    <Frame>
      <main className={styles.landing} data-testid="landing">
        <section className={styles.words}>
          <h1>
            {t.landing.headline} <span>{t.landing.headlineEnd}</span>
          </h1>
          <p className={styles.lead}>{t.landing.lead}</p>
          {config.guests && (
            <>
              <Button
                look="primary"
                size="large"
                className={styles.start}
                data-testid="start"
                onClick={() => {
                  onOpen(newRoomName(), null);
                }}
              >
                <Plus size={20} />
                {t.landing.start}
              </Button>
              <p className={styles.or}>{t.landing.or}</p>
            </>
          )}
          <form className={styles.form} onSubmit={join} noValidate>
            <TextField
              label={t.landing.input}
              hideLabel={config.guests}
              placeholder={config.guests ? t.landing.placeholder : t.landing.invited}
              value={input}
              error={error}
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              data-testid="join-input"
              onChange={(event) => {
                setInput(event.target.value);
                setError(null);
              }}
            />
            <Button
              type="submit"
              size="large"
              look={config.guests ? 'secondary' : 'primary'}
              data-testid="join"
            >
              {t.landing.join}
              <ArrowRight size={18} className="forward" />
            </Button>
          </form>
        </section>
        <Illustration />
        <ul className={styles.points}>
          {Object.values(t.landing.points).map((point) => (
            <li key={point.title}>
              <h2>{point.title}</h2>
              <p>{point.text}</p>
            </li>
          ))}
        </ul>
        <p className={styles.foot}>
          <Button look="quiet" size="small" data-testid="open-check" onClick={onCheck}>
            <Activity size={16} />
            {t.check.title}
          </Button>
        </p>
      </main>
    </Frame>
  );
}
