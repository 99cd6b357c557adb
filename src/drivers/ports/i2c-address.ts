/** `0x76 on i2c-1`, for people. */
export function addressText({ bus, address }: { readonly bus: string; readonly address: number }): string {
  return `0x${address.toString(16).padStart(2, '0')} on ${bus}`;
}
