export interface OneWireFamily {
  readonly what: string;
  /** Kind of the driver that reads it. */
  readonly kind?: string;
  /** Any of these files shows that the kernel's own driver has taken the device. */
  readonly files?: readonly string[];
  /** The kernel module that would take it. */
  readonly module?: string;
}

const thermometer = (kind: string, what: string): OneWireFamily => ({
  what,
  kind,
  files: ['temperature', 'w1_slave'],
  module: 'w1_therm',
});

/** The first two digits of a device's id. */
export const ONE_WIRE_FAMILIES: Readonly<Record<string, OneWireFamily>> = {
  '01': { what: 'DS2401 serial number or iButton key' },
  '05': { what: 'DS2405 switch' },
  '09': { what: 'DS2502 memory' },
  '10': thermometer('ds18s20', 'DS18S20 thermometer'),
  '12': { what: 'DS2406 switch' },
  '14': { what: 'DS2430 memory' },
  '19': { what: 'DS28E17 bridge to an I2C bus' },
  '1c': { what: 'DS28E04 memory' },
  '1d': { what: 'DS2423 counter' },
  '20': { what: 'DS2450 converter with four inputs' },
  '22': thermometer('ds1822', 'DS1822 thermometer'),
  '23': { what: 'DS2433 memory' },
  '24': { what: 'DS2415 clock' },
  '26': { what: 'DS2438 battery and humidity monitor', kind: 'ds2438', files: ['vad'], module: 'w1_ds2438' },
  '27': { what: 'DS2417 clock' },
  '28': thermometer('ds18b20', 'DS18B20 thermometer'),
  '29': { what: 'DS2408 switch with eight pins', kind: 'ds2408', files: ['state'], module: 'w1_ds2408' },
  '2d': { what: 'DS2431 memory' },
  '30': { what: 'DS2760 battery gauge' },
  '32': { what: 'DS2780 battery gauge' },
  '3a': { what: 'DS2413 switch with two pins' },
  '3b': thermometer('ds1825', 'DS1825 thermometer or MAX31850 thermocouple converter'),
  '3d': { what: 'DS2781 battery gauge' },
  '42': thermometer('ds28ea00', 'DS28EA00 thermometer'),
  '43': { what: 'DS28EC20 memory' },
  '81': { what: 'DS1420 serial number' },
};
