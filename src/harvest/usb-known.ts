/** `vendor:product`, or `vendor:` for all of a vendor's, to what it probably is. From the public list of USB ids. */
const KNOWN: Readonly<Record<string, string>> = {
  '0403:6001': 'FTDI serial adapter',
  '0403:6010': 'FTDI serial adapter, two ports',
  '0403:6014': 'FTDI serial adapter',
  '0403:6015': 'FTDI serial adapter',
  '0658:0200': 'Z-Wave stick',
  '067b:2303': 'Prolific serial adapter',
  '067b:23a3': 'Prolific serial adapter',
  '0bc7:0001': 'X10 controller CM15A',
  '0bc7:0002': 'X10 radio transceiver CM19A',
  '10c4:8a2a': 'Zigbee and Z-Wave stick HUSBZB-1',
  '10c4:ea60': 'CP210x serial adapter, as on ESP boards and Zigbee sticks',
  '16c0:0483': 'Teensy board',
  '16c0:05df': 'USB relay board',
  '1a6e:089a': 'Coral accelerator',
  '1a86:5523': 'CH341 adapter',
  '1a86:55d4': 'CH9102 serial adapter, as on ESP boards and Zigbee sticks',
  '1a86:7523': 'CH340 serial adapter, as on Arduino copies and ESP boards',
  '1cf1:0030': 'Zigbee stick ConBee II',
  '2341:0043': 'Arduino Uno',
  '2341:8036': 'Arduino Leonardo',
  '2341:': 'Arduino board',
  '239a:': 'Adafruit board',
  '2a03:0043': 'Arduino Uno',
  '2a03:': 'Arduino board',
  '2e8a:0005': 'Raspberry Pi Pico with MicroPython',
  '2e8a:000a': 'Raspberry Pi Pico',
  '2e8a:': 'Raspberry Pi microcontroller',
  '303a:1001': 'ESP32 board',
  '303a:': 'Espressif board',
};

/** What a USB device probably is, by its numbers. */
export function knownUsb(vendor: string, product: string): string | undefined {
  return KNOWN[`${vendor}:${product}`] ?? KNOWN[`${vendor}:`];
}

/** Interface classes of the USB standard that say what a device is for. */
export const USB_CLASSES: Readonly<Record<string, string>> = {
  '01': 'sound',
  '02': 'communication',
  '03': 'keyboard, mouse or another human interface',
  '06': 'camera',
  '07': 'printer',
  '08': 'disk',
  '0b': 'card reader',
  '0e': 'video',
  e0: 'radio',
};
