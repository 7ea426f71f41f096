/** Which columns of a table are shown. */
import { DropdownMenu } from 'radix-ui';
import styles from './menu.module.css';

interface ColumnMenuProps {
  readonly label: string;
  readonly columns: readonly {
    readonly id: string;
    readonly title: string;
    readonly shown: boolean;
    readonly toggle: () => void;
  }[];
}

export function ColumnMenu({ label, columns }: ColumnMenuProps) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger aria-label={`Columns of ${label}`}>Columns</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={styles.menu} align="end" sideOffset={4}>
          {columns.map(({ id, title, shown, toggle }) => (
            <DropdownMenu.CheckboxItem
              key={id}
              className={styles.item}
              checked={shown}
              onCheckedChange={toggle}
              onSelect={(event) => event.preventDefault()}
            >
              <span className={styles.check} aria-hidden="true">
                {shown ? '✓' : ''}
              </span>
              {title === '' ? id : title}
            </DropdownMenu.CheckboxItem>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
