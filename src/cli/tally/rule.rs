//! From flags to a rule with its ties; combinations that make no sense are refused in words.

use crate::{
    domain::{allocation::DEFAULT_SEED, money::Money, pb_file::Decimal},
    tally::budget::{
        from_pb::{FromPb, whole_points},
        rule::{
            Add1, Completion, EqualShares, Greedy, GreedyPerCost, Phragmen, Rule, Start, Stop,
            Ties, Utility,
        },
    },
};

use super::{
    amount::Units,
    flags::{CompletionName, RuleFlags, RuleName},
};

/// What counts, and how much of it the flags said.
pub struct Chosen {
    pub rule: Rule,
    pub ties: Ties,
    /// The rule stands in the file, with threshold and caps.
    pub of_file: bool,
    /// No flag named a rule.
    pub by_default: bool,
    /// Projects without support are funded because of `--ties id`.
    pub unsupported_by_ties: bool,
    /// Flags that were given and change nothing under this rule.
    pub without_effect: Vec<&'static str>,
}

pub fn choose(flags: &RuleFlags, file: &FromPb) -> Result<Chosen, String> {
    let name = flags.rule.unwrap_or(RuleName::Greedy);
    refuse_foreign_flags(flags, name)?;
    let mut rule = match name {
        RuleName::Greedy => Rule::Greedy(Greedy {
            no_skip: flags.no_skip,
            threshold: flags.threshold.map(|t| points(t, file)).transpose()?,
            ..Greedy::default()
        }),
        RuleName::GreedyPerCost => Rule::GreedyPerCost(GreedyPerCost::default()),
        RuleName::EqualShares => Rule::EqualShares(equal_shares(flags, file)?),
        RuleName::Phragmen => Rule::Phragmen(phragmen(flags)?),
        RuleName::File => file
            .rule
            .clone()
            .ok_or("the file names no rule that we know: choose one with --rule")?,
    };
    let by_ties = flags.ties == Ties::Id && !flags.no_fund_unsupported;
    if flags.fund_unsupported || by_ties {
        fund_unsupported(&mut rule);
    }
    Ok(Chosen {
        unsupported_by_ties: by_ties && !flags.fund_unsupported && !leaves_rest(&rule),
        rule,
        ties: flags.ties.clone(),
        of_file: name == RuleName::File,
        by_default: flags.rule.is_none(),
        without_effect: without_effect(flags, name),
    })
}

/// Flags about how shares grow or what they buy change nothing where there are no shares. Whoever
/// names the rule and gives them all the same, as a script may, is told and not refused.
fn without_effect(flags: &RuleFlags, rule: RuleName) -> Vec<&'static str> {
    let steps = [
        ("--add1-start", flags.add1_start.is_some()),
        ("--add1-stop", flags.add1_stop.is_some()),
        ("--increment", flags.increment.is_some()),
    ];
    let grows = matches!(
        flags.completion,
        None | Some(CompletionName::Add1 | CompletionName::Add1Greedy)
    );
    let has_shares = rule == RuleName::EqualShares;
    let completes = has_shares || rule == RuleName::Phragmen;
    let mut idle = vec![
        ("--utility", flags.utility.is_some() && !has_shares),
        ("--completion", flags.completion.is_some() && !completes),
    ];
    if !has_shares || !grows {
        idle.extend(steps);
    }
    idle.into_iter()
        .filter_map(|(flag, is_idle)| is_idle.then_some(flag))
        .collect()
}

/// The name of a rule, as the flag has it.
pub fn name(rule: &Rule) -> &'static str {
    let name = match rule {
        Rule::Greedy(_) => RuleName::Greedy,
        Rule::GreedyPerCost(_) => RuleName::GreedyPerCost,
        Rule::EqualShares(_) => RuleName::EqualShares,
        Rule::Phragmen(_) => RuleName::Phragmen,
    };
    name.as_str()
}

/// Whether the rule never comes to projects that nobody supports.
fn leaves_rest(rule: &Rule) -> bool {
    let Rule::EqualShares(options) = rule else {
        return false;
    };
    matches!(options.completion, Completion::None | Completion::Add1(_))
        && options.comparison.is_none()
}

fn fund_unsupported(rule: &mut Rule) {
    let option = match rule {
        Rule::Greedy(options) => &mut options.fund_unsupported,
        Rule::GreedyPerCost(options) => &mut options.fund_unsupported,
        Rule::EqualShares(options) => &mut options.fund_unsupported,
        Rule::Phragmen(options) => &mut options.fund_unsupported,
    };
    *option = true;
}

/// A flag that would decide who wins under its own rule is not passed over in silence. Where no rule
/// is named, or the file's is taken as it is, that goes for every flag of a rule.
fn refuse_foreign_flags(flags: &RuleFlags, rule: RuleName) -> Result<(), String> {
    use RuleName::{EqualShares, Greedy, Phragmen};
    let is_named = flags.rule.is_some() && rule != RuleName::File;
    let harmless = [
        "--utility",
        "--completion",
        "--add1-start",
        "--add1-stop",
        "--increment",
    ];
    let given: [(&str, bool, &[RuleName]); 9] = [
        ("--utility", flags.utility.is_some(), &[EqualShares]),
        (
            "--completion",
            flags.completion.is_some(),
            &[EqualShares, Phragmen],
        ),
        ("--add1-start", flags.add1_start.is_some(), &[EqualShares]),
        ("--add1-stop", flags.add1_stop.is_some(), &[EqualShares]),
        ("--increment", flags.increment.is_some(), &[EqualShares]),
        ("--compare", flags.compare.is_some(), &[EqualShares]),
        ("--eligibility", flags.eligibility.is_some(), &[EqualShares]),
        ("--no-skip", flags.no_skip, &[Greedy]),
        ("--threshold", flags.threshold.is_some(), &[Greedy]),
    ];
    let foreign = given
        .iter()
        .filter(|(flag, ..)| !(is_named && harmless.contains(flag)))
        .find(|(_, is_given, rules)| *is_given && !rules.contains(&rule));
    let Some((flag, _, rules)) = foreign else {
        return Ok(());
    };
    let rules: Vec<&str> = rules.iter().map(|rule| rule.as_str()).collect();
    let here = match (rule, flags.rule) {
        (RuleName::File, _) => "the rule here, with all its parameters, is that of the file",
        (_, None) => "without --rule the rule is greedy",
        (other, Some(_)) => {
            return Err(format!(
                "{flag} goes with --rule {}, and the rule here is {}",
                rules.join(" or "),
                other.as_str()
            ));
        }
    };
    Err(format!(
        "{flag} goes with --rule {}: {here}",
        rules.join(" or ")
    ))
}

fn points(given: Decimal, file: &FromPb) -> Result<u64, String> {
    whole_points(given, file.points_scale).ok_or_else(|| "--threshold is too large".to_owned())
}

fn equal_shares(flags: &RuleFlags, file: &FromPb) -> Result<EqualShares, String> {
    let add1 = Add1 {
        start: flags.add1_start.map_or_else(Start::default, Into::into),
        stop: flags.add1_stop.map_or_else(Stop::default, Into::into),
        increment: flags.increment.map(|i| increment(i, file)).transpose()?,
    };
    let completion = match flags.completion.unwrap_or(CompletionName::Add1) {
        CompletionName::Add1 => Completion::Add1(add1),
        CompletionName::Add1Greedy => Completion::Add1Greedy(add1),
        CompletionName::None => Completion::None,
        CompletionName::Greedy => Completion::Greedy,
    };
    Ok(EqualShares {
        utility: flags.utility.map_or_else(Utility::default, Into::into),
        completion,
        comparison: flags.compare.map(Into::into),
        eligibility: flags.eligibility,
        fund_unsupported: false,
    })
}

fn increment(given: Decimal, file: &FromPb) -> Result<Money, String> {
    let units = Units::of(file);
    let minor = u8::try_from(units.places())
        .ok()
        .and_then(|places| given.at_scale(places))
        .ok_or_else(|| {
            format!(
                "--increment {given} has more decimal places than the money of the file: at most {}",
                units.places()
            )
        })?;
    let minor = u64::try_from(minor)
        .ok()
        .filter(|minor| *minor > 0)
        .ok_or("--increment has to be more than nothing")?;
    Money::from_minor(minor).map_err(|error| format!("--increment: {error}"))
}

fn phragmen(flags: &RuleFlags) -> Result<Phragmen, String> {
    let complete = match flags.completion {
        None | Some(CompletionName::None) => false,
        Some(CompletionName::Greedy) => true,
        Some(CompletionName::Add1 | CompletionName::Add1Greedy) => {
            return Err(
                "--completion add1 lets the shares of equal-shares grow; phragmen has none: choose none or greedy"
                    .to_owned(),
            );
        }
    };
    Ok(Phragmen {
        complete,
        fund_unsupported: false,
    })
}

/// The seed of the lots, where there can be any.
pub fn lot_seed(ties: &Ties) -> Option<&str> {
    match ties {
        Ties::CostVotes { seed } | Ties::Seeded { seed } => Some(seed),
        Ties::Id => None,
    }
}

/// Ties as the flag writes them.
pub fn ties_name(ties: &Ties) -> String {
    match ties {
        Ties::Id => "id".to_owned(),
        Ties::CostVotes { seed } if seed == DEFAULT_SEED => "cost-votes".to_owned(),
        Ties::CostVotes { seed } => format!("cost-votes:{seed}"),
        Ties::Seeded { seed } => format!("seed:{seed}"),
    }
}
