/** A labelled control with what is wrong with it, told to screen readers too. */
import { type ReactNode, useId } from 'react';
import styles from './OrderTicket.module.css';

interface FieldProps {
  readonly label: string;
  readonly problem?: string | undefined;
  readonly children: (id: string, invalid: { 'aria-invalid'?: true; 'aria-describedby'?: string }) => ReactNode;
}

export function Field({ label, problem, children }: FieldProps) {
  const id = useId();
  const problemId = `${id}-problem`;
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {children(id, problem === undefined ? {} : { 'aria-invalid': true, 'aria-describedby': problemId })}
      {problem !== undefined && (
        <span id={problemId} className={styles.problem}>
          Needs {problem}
        </span>
      )}
    </div>
  );
}
