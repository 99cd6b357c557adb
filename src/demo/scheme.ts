/** What the people of the simulated house wrote: names for their thermometers, and how often they want to hear. */
export const DEMO_SCHEME = `# The simulated house. Change it while the demo runs: it is read again at once.
node: kitchen
publish: {every: 60s, on_change: 1%}
devices:
  air: {kind: iio, at: "iio:i2c-1:0x76/bme280"}
  window: {kind: iio, at: "iio:i2c-1:0x23/bh1750", publish: {on_change: 10%, at_most: 2s}}
  fridge:
    kind: ds18b20
    at: 1wire:28-0316a2794cff
    points: {temperature: {filter: [median 3], round: 1}}
  outside: {kind: ds18b20, at: 1wire:28-0416b1883d01}
  button: {kind: button, at: gpio22}
  lamp: {kind: relay, at: gpio27, safe: off, max_on: 4h}
rules:
  lamp_button:
    when: button.pressed
    then: {lamp: toggle}
`;
