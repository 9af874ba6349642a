/** `detail` says what is there, `hint` what to do about it. */
export interface CheckLine {
  name: string;
  state: "ok" | "warning" | "failed";
  detail: string;
  hint: string | null;
}
