/** Coefficients, lowest power first, of a quotient of polynomials. */
interface Quotient {
  readonly over: readonly number[];
  readonly under: readonly number[];
}

/** Within 0.425 of the middle; the argument is 0.180625 less the square of the distance. */
const central: Quotient = {
  over: [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946,
    45921.95393154987, 67265.7709270087, 33430.57558358813, 2509.0809287301227,
  ],
  under: [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597,
    39307.89580009271, 28729.085735721943, 5226.495278852854,
  ],
};

/** Further out, the argument is the root of minus the logarithm of the tail, less 1.6. */
const outer: Quotient = {
  over: [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045,
    1.2704582524523684, 0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  under: [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008,
    0.015198666563616457, 0.0005475938084995345, 1.0507500716444169e-9,
  ],
};

/** Where that root passes 5, less 5. */
const farOut: Quotient = {
  over: [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487,
    0.026532189526576124, 0.0012426609473880784, 0.000027115555687434876, 2.0103343992922881e-7,
  ],
  under: [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
    0.000018463183175100548, 1.421511758316446e-7, 2.0442631033899397e-15,
  ],
};

/**
 * The value below which a standard normal variable lies with the given probability; about 16 digits. ±Infinity at 0 and 1,
 * NaN outside. Source: M. Wichura, "Algorithm AS 241", Applied Statistics 37 (1988), PPND16.
 */
export function normalQuantile(probability: number): number {
  if (!(probability >= 0 && probability <= 1)) return NaN;
  const distance = probability - 0.5;
  if (Math.abs(distance) <= 0.425) {
    return distance * quotient(central, 0.180625 - distance * distance);
  }
  const tail = Math.sqrt(-Math.log(Math.min(probability, 1 - probability)));
  if (tail === Infinity) return Math.sign(distance) * Infinity;
  const size = tail <= 5 ? quotient(outer, tail - 1.6) : quotient(farOut, tail - 5);
  return Math.sign(distance) * size;
}

function quotient({ over, under }: Quotient, argument: number): number {
  return polynomial(over, argument) / polynomial(under, argument);
}

function polynomial(coefficients: readonly number[], argument: number): number {
  return coefficients.reduceRight((sum, coefficient) => sum * argument + coefficient, 0);
}
