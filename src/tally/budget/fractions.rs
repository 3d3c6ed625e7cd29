//! Fractions whose denominators build on each other.
//!
//! In equal shares and in Phragmén's rule, the price of a round is a whole-number combination of the
//! prices of earlier rounds, divided by a whole number. So all prices are kept as numerators over a
//! chain of denominators: price `j` has the denominator `f_0 · f_1 ⋯ f_j`. A combination of all
//! prices is then one sweep in the manner of Horner, with multiplications by single words only and
//! without any greatest common divisor of long numbers.

use num_bigint::{BigInt, BigUint};
use num_integer::Integer;
use num_traits::ToPrimitive;

#[derive(Debug, Clone)]
pub(super) struct Fractions {
    numerators: Vec<BigInt>,
    factors: Vec<u64>,
    /// Product of the factors.
    denominator: BigInt,
}

impl Fractions {
    /// Begins with the fraction `numerator / denominator`.
    pub fn new(numerator: u128, denominator: u64) -> Self {
        let common = numerator.gcd(&u128::from(denominator.max(1)));
        let reduced = u128::from(denominator.max(1)) / common;
        Self {
            numerators: vec![BigInt::from(numerator / common)],
            factors: vec![u64::try_from(reduced).unwrap_or(1)],
            denominator: BigInt::from(reduced),
        }
    }

    pub fn len(&self) -> usize {
        self.numerators.len()
    }

    /// What all numerators of [`Self::combine`] are over.
    pub fn denominator(&self) -> &BigInt {
        &self.denominator
    }

    /// `whole + Σ coefficients[j] · fraction j`, times the denominator. Missing coefficients are 0.
    pub fn combine(&self, whole: u64, coefficients: &[i128]) -> BigInt {
        let mut sum = BigInt::from(whole);
        for (place, (factor, numerator)) in self.factors.iter().zip(&self.numerators).enumerate() {
            if *factor != 1 {
                sum *= *factor;
            }
            match coefficients.get(place) {
                None | Some(0) => {}
                Some(coefficient) => sum += numerator * *coefficient,
            }
        }
        sum
    }

    /// Adds the fraction `numerator / (denominator() · divisor)`.
    pub fn push(&mut self, numerator: BigInt, divisor: u64) {
        let divisor = divisor.max(1);
        let rest = (&numerator % divisor).to_u64().unwrap_or(0);
        let common = rest.gcd(&divisor);
        let factor = divisor / common;
        self.numerators.push(if common == 1 {
            numerator
        } else {
            numerator / common
        });
        self.factors.push(factor);
        self.denominator *= factor;
    }

    /// Fraction number `place` as numerator and denominator.
    pub fn get(&self, place: usize) -> (BigUint, BigUint) {
        let denominator = self.factors[..=place]
            .iter()
            .fold(BigUint::from(1_u32), |product, factor| product * *factor);
        (self.numerators[place].magnitude().clone(), denominator)
    }
}
