//! What staff may change of a wave that is still a draft, read from what they typed.

use time::UtcOffset;

use super::{
    channel::Channel,
    frame::Frame,
    local_time,
    moment::Moment,
    wave::{AccessRule, ResultsRule, WaveSpec},
};

/// Checked: it closes after it opens, on at least one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaveSettings {
    pub opens: Moment,
    pub closes: Moment,
    pub access: AccessRule,
    pub channels: Vec<Channel>,
    pub frame: Frame,
    pub results: ResultsRule,
}

/// The same as a form has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedSettings {
    pub opens: String,
    pub closes: String,
    pub access: String,
    pub channels: Vec<String>,
    pub frame: String,
    pub size: String,
    pub results: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    Opens,
    Closes,
    Access,
    Channels,
    Frame,
    Size,
    Results,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingFault {
    pub setting: Setting,
    pub message: String,
}

/// Fewer days than this leave little time for paper to come back.
pub const USUAL_DAYS: u64 = 14;

impl WaveSettings {
    /// Every fault at once.
    pub fn read(typed: &TypedSettings, offset: UtcOffset) -> Result<Self, Vec<SettingFault>> {
        let mut faults = Vec::new();
        let mut fault = |setting, message: &str| {
            faults.push(SettingFault {
                setting,
                message: message.to_owned(),
            });
        };
        let mut time = |setting, text: &str| {
            let time = local_time::read(text, offset);
            time.map_err(|error| fault(setting, &error.to_string()))
                .ok()
        };
        let opens = time(Setting::Opens, &typed.opens);
        let closes = time(Setting::Closes, &typed.closes);
        if let (Some(opens), Some(closes)) = (opens, closes)
            && closes <= opens
        {
            fault(
                Setting::Closes,
                "the wave would close before it has been open: write a closing time after the opening time",
            );
        }
        let access = access(&typed.access);
        if access.is_none() {
            fault(Setting::Access, "say who may answer");
        }
        let results = results(&typed.results);
        if results.is_none() {
            fault(Setting::Results, "say when everyone sees the results");
        }
        let named = |channel: &Channel| typed.channels.iter().any(|c| c == channel.as_str());
        let channels: Vec<Channel> = Channel::ALL.into_iter().filter(named).collect();
        if channels.is_empty() {
            fault(
                Setting::Channels,
                "nobody could answer: choose at least one channel",
            );
        }
        let frame = frame(typed);
        if let Err((setting, message)) = frame {
            fault(setting, message);
        }
        match (opens, closes, access, results, frame) {
            (Some(opens), Some(closes), Some(access), Some(results), Ok(frame))
                if faults.is_empty() =>
            {
                Ok(Self {
                    opens,
                    closes,
                    access,
                    channels,
                    frame,
                    results,
                })
            }
            _ => Err(faults),
        }
    }

    /// Whether the wave is open for less than [`USUAL_DAYS`].
    pub fn is_short(&self) -> bool {
        self.closes.saturating_since(self.opens).as_secs() < USUAL_DAYS * 24 * 60 * 60
    }

    /// The wave with these settings; its name and title stay.
    pub fn applied_to(self, spec: &WaveSpec) -> WaveSpec {
        WaveSpec {
            opens: self.opens,
            closes: self.closes,
            access: self.access,
            channels: self.channels,
            frame: self.frame,
            results: self.results,
            ..spec.clone()
        }
    }
}

fn access(typed: &str) -> Option<AccessRule> {
    match typed {
        "open" => Some(AccessRule::Open),
        "code" => Some(AccessRule::Code),
        _ => None,
    }
}

fn results(typed: &str) -> Option<ResultsRule> {
    match typed {
        "live" => Some(ResultsRule::Live),
        "published" => Some(ResultsRule::Published),
        _ => None,
    }
}

/// The largest number of people that a survey file can name, too.
const MOST_PEOPLE: u64 = i64::MAX.unsigned_abs();

fn frame(typed: &TypedSettings) -> Result<Frame, (Setting, &'static str)> {
    let size = || {
        let digits: String = typed
            .size
            .chars()
            .filter(|c| !c.is_whitespace() && *c != ',')
            .collect();
        match digits.parse::<u64>() {
            Ok(size) if (1..=MOST_PEOPLE).contains(&size) => Ok(size),
            _ => Err((
                Setting::Size,
                "write the number of people in the group, such as 2400",
            )),
        }
    };
    match typed.frame.as_str() {
        "open" => Ok(Frame::Open),
        "census" => Ok(Frame::Census { size: size()? }),
        "sample" => Ok(Frame::Sample { size: size()? }),
        _ => Err((Setting::Frame, "say what the answers stand for")),
    }
}

impl TypedSettings {
    /// A wave as its form shows it.
    pub fn of(spec: &WaveSpec) -> Self {
        let (frame, size) = match spec.frame {
            Frame::Open => ("open", None),
            Frame::Census { size } => ("census", Some(size)),
            Frame::Sample { size } => ("sample", Some(size)),
        };
        Self {
            opens: local_time::write(spec.opens, spec.offset()),
            closes: local_time::write(spec.closes, spec.offset()),
            access: match spec.access {
                AccessRule::Open => "open",
                AccessRule::Code => "code",
            }
            .to_owned(),
            channels: spec.channels.iter().map(ToString::to_string).collect(),
            frame: frame.to_owned(),
            size: size.map(|size| size.to_string()).unwrap_or_default(),
            results: match spec.results {
                ResultsRule::Live => "live",
                ResultsRule::Published => "published",
            }
            .to_owned(),
        }
    }
}
