/** Keeps a panel that fails from taking the page with it: says what happened and offers to try again. */
import { Component, type ErrorInfo, type ReactNode } from 'react';
import { notify } from '../services/notificationStore.ts';

interface PanelBoundaryProps {
  readonly name: string;
  readonly children: ReactNode;
}

export class PanelBoundary extends Component<PanelBoundaryProps, { readonly error: Error | null }> {
  override state: { readonly error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override componentDidCatch(error: Error, _info: ErrorInfo): void {
    notify('error', `${this.props.name} failed`, error.message);
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <div role="alert" className="panelFailed">
        <p>
          {this.props.name} failed: {error.message}
        </p>
        <button type="button" onClick={() => this.setState({ error: null })}>
          Show it again
        </button>
      </div>
    );
  }
}
