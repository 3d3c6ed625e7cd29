//! The demonstration: the surveys of the repository with sample responses on all three channels.
//! Safe to run again: what is there already is left as it is.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{CommandError, Outcome, operator, serve, settings::Flags, surveys, waves};
use crate::{
    app::App,
    domain::{
        audit::Actor, hex::random_token, id::UserId, key::WaveKey, role::Role, survey::SurveyPlan,
        two_person::SensitiveAct, wave::WaveState,
    },
    service::{
        Services, add_user, ask_two_person, close_wave, confirm_two_person, enrolment,
        import_counts::{self, ImportCountsError},
        import_responses::{self, ImportError, Options},
        issue_codes, load_survey, lookup, open_wave, requests,
        two_person::TwoPersonError,
    },
    store,
};

const STAFF: &str = "demo@example.org";
/// Confirms what the first asks for.
const SECOND: &str = "demo-second@example.org";
/// Two people who key paper; one of the others decides where they differ.
const KEYERS: [(&str, &str); 2] = [
    ("demo-keyer@example.org", "keyer"),
    ("demo-other-keyer@example.org", "other-keyer"),
];
const CODES: usize = 10;

/// The survey files of the repository, for a binary that was copied away from it.
const BUILT_IN: [(&str, &str); 3] = [
    (
        "co-production-attitudes.toml",
        include_str!("../../surveys/co-production-attitudes.toml"),
    ),
    (
        "citizen-priorities.toml",
        include_str!("../../surveys/citizen-priorities.toml"),
    ),
    (
        "citizen-priorities-knapsack.toml",
        include_str!("../../surveys/citizen-priorities-knapsack.toml"),
    ),
];

enum Sample {
    /// Totals of a meeting; the wave is over and published.
    CountsOfPublished(&'static str),
    /// Responses; the wave is over and published.
    ResponsesOfPublished(&'static str),
    /// Responses; the wave stays open.
    Responses(&'static str),
    /// None: the wave is answered with access codes.
    Codes,
}

const SAMPLES: [(&str, Sample); 6] = [
    (
        "co-production-attitudes/january",
        Sample::CountsOfPublished(include_str!(
            "../../surveys/samples/co-production-attitudes-january.csv"
        )),
    ),
    (
        "co-production-attitudes/april",
        Sample::CountsOfPublished(include_str!(
            "../../surveys/samples/co-production-attitudes-april.csv"
        )),
    ),
    (
        "co-production-attitudes/now",
        Sample::Responses(include_str!(
            "../../surveys/samples/co-production-attitudes-now.csv"
        )),
    ),
    (
        "citizen-priorities/autumn",
        Sample::ResponsesOfPublished(include_str!("../../surveys/samples/citizen-priorities.csv")),
    ),
    (
        "citizen-priorities/now",
        Sample::Responses(include_str!(
            "../../surveys/samples/citizen-priorities-now.csv"
        )),
    ),
    ("citizen-priorities-knapsack/now", Sample::Codes),
];

pub async fn run(mut settings: Flags, folder: &Path) -> Outcome {
    // Apart from what `serve` uses: sample responses must never stand among real ones.
    settings
        .data_dir
        .get_or_insert_with(|| PathBuf::from("data/demo"));
    let config = settings.config()?;
    serve::start_log(&config.log, Some("warn,countmein=info"))?;
    let app = App::start(config).await?;
    let services = Arc::clone(&app.services);
    refuse_real_data(&services).await?;
    // First: by this login a start that was cut short is known again.
    let logins = staff_logins(&services, &app.config.data_dir).await?;
    for (plan, name) in plans(folder)? {
        load_survey::load(&services, &operator(), plan)
            .await
            .map_err(|error| format!("{name}: {error}"))?;
    }
    let codes_file = app.config.data_dir.join("access-codes.txt");
    for (wave, sample) in &SAMPLES {
        fill(&services, &wave.parse()?, sample, &codes_file).await?;
    }
    print_addresses(&app.config.public_url, &logins, &codes_file);
    drop(services);
    serve::serve(app).await
}

/// Sample responses cannot be taken out of a ledger again: the database has to be new, or an earlier
/// demonstration's, which its member of staff tells.
async fn refuse_real_data(services: &Services) -> Result<(), CommandError> {
    let is_new = store::wave::all(&services.db).await?.is_empty()
        && store::staff::count(&services.db).await? == 0;
    if is_new || store::staff::by_email(&services.db, STAFF).await?.is_some() {
        Ok(())
    } else {
        Err("this database is in use: the demonstration would count sample responses in it for good. Leave DATABASE_URL and --data-dir out, or name a new database".into())
    }
}

fn plans(folder: &Path) -> Result<Vec<(SurveyPlan, String)>, CommandError> {
    if !folder.is_dir() {
        return BUILT_IN
            .iter()
            .map(|(name, text)| Ok((surveys::read_text(name, text)?.0, (*name).to_owned())))
            .collect();
    }
    let mut files: Vec<PathBuf> = fs::read_dir(folder)?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    files.sort();
    files
        .iter()
        .map(|file| Ok((surveys::read(file)?.0, file.display().to_string())))
        .collect()
}

async fn fill(
    services: &Arc<Services>,
    key: &WaveKey,
    sample: &Sample,
    codes_file: &Path,
) -> Result<(), CommandError> {
    // A folder of other surveys need not have these.
    let Ok(asked) = lookup::find_now(services, key).await else {
        return Ok(());
    };
    if matches!(asked.wave.state, WaveState::Draft(_)) {
        open_wave::open(services, &operator(), key).await?;
    }
    if !matches!(
        lookup::find_now(services, key).await?.wave.state,
        WaveState::Open(_)
    ) {
        // What staff have closed stays as they left it; a start that was cut short goes on.
        return match sample {
            Sample::CountsOfPublished(_) | Sample::ResponsesOfPublished(_) => {
                publish_if_closed(services, key).await
            }
            Sample::Responses(_) | Sample::Codes => Ok(()),
        };
    }
    match sample {
        Sample::CountsOfPublished(csv) => {
            match import_counts::import(services, &operator(), key, csv.as_bytes(), false).await {
                Ok(_) | Err(ImportCountsError::ImportedBefore) => {}
                Err(error) => return Err(error.into()),
            }
            close_and_publish(services, key).await
        }
        Sample::ResponsesOfPublished(csv) => {
            import_sample(services, key, csv).await?;
            close_and_publish(services, key).await
        }
        Sample::Responses(csv) => import_sample(services, key, csv).await,
        Sample::Codes if codes_file.exists() => Ok(()),
        Sample::Codes => {
            let codes = issue_codes::issue(services, &operator(), key, CODES).await?;
            let lines: Vec<String> = codes.iter().map(ToString::to_string).collect();
            Ok(fs::write(codes_file, lines.join("\n") + "\n")?)
        }
    }
}

async fn import_sample(
    services: &Arc<Services>,
    key: &WaveKey,
    csv: &str,
) -> Result<(), CommandError> {
    match import_responses::import(
        services,
        &operator(),
        key,
        csv.as_bytes(),
        Options::default(),
    )
    .await
    {
        Ok(_) | Err(ImportError::ImportedBefore) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

async fn close_and_publish(services: &Arc<Services>, key: &WaveKey) -> Result<(), CommandError> {
    close_wave::stop_collecting(services, &operator(), key).await?;
    waves::close_stopped(services, key).await?;
    publish_if_closed(services, key).await
}

async fn publish_if_closed(services: &Services, key: &WaveKey) -> Result<(), CommandError> {
    if matches!(
        lookup::find_now(services, key).await?.wave.state,
        WaveState::Closed(_)
    ) {
        let (first, second) = (
            actor(services, STAFF).await?,
            actor(services, SECOND).await?,
        );
        let asked = ask_two_person::ask(services, &first, key, SensitiveAct::Publish).await;
        let request = match asked {
            Ok(request) => request,
            // By a start that was cut short.
            Err(TwoPersonError::AskedAlready) => {
                let waiting = requests::list(services).await?.waiting;
                let of_wave = waiting.into_iter().find(|listed| listed.wave.key == *key);
                of_wave.ok_or(TwoPersonError::AskedAlready)?.request.id
            }
            Err(error) => return Err(error.into()),
        };
        confirm_two_person::confirm(services, &second, request).await?;
    }
    Ok(())
}

async fn actor(services: &Services, email: &str) -> Result<Actor, CommandError> {
    let known = store::staff::by_email(&services.db, email).await?;
    let user = known
        .ok_or_else(|| format!("{email} is no longer there"))?
        .user;
    Ok(Actor::staff_at_command_line(
        user.id,
        &user.email,
        user.role,
        "demo",
    ))
}

/// There are no default passwords: this installation's own are made at its first start, each with a
/// second factor.
async fn staff_logins(
    services: &Services,
    data_dir: &Path,
) -> Result<Vec<StaffLogin>, CommandError> {
    let mut logins = Vec::new();
    for (email, name) in [(STAFF, "staff"), (SECOND, "second")] {
        logins.push(staff_login(services, data_dir, email, name).await?);
    }
    for (email, name) in KEYERS {
        logins.push(keyer_login(services, data_dir, email, name).await?);
    }
    Ok(logins)
}

async fn staff_login(
    services: &Services,
    data_dir: &Path,
    email: &'static str,
    name: &str,
) -> Result<StaffLogin, CommandError> {
    let factor_files = FactorFiles {
        secret: data_dir.join(format!("{name}-authenticator-key.txt")),
        codes: data_dir.join(format!("{name}-recovery-codes.txt")),
    };
    let password = data_dir.join(format!("{name}-password.txt"));
    let known = store::staff::by_email(&services.db, email).await?;
    let user = match known {
        None => add_with_password(services, &password, email, Role::Administrator).await?,
        // A start that was cut short here goes on here.
        Some(account) if account.sealed_secret.is_none() => account.user.id,
        Some(_) => return Ok(StaffLogin::new(email, password, Some(factor_files))),
    };
    let factor = enrolment::give(services, &operator(), user).await?;
    let secret = format!("{}\n", factor.secret.in_blocks());
    fs::write(&factor_files.secret, secret)?;
    let codes: Vec<String> = factor.codes.iter().map(ToString::to_string).collect();
    fs::write(&factor_files.codes, codes.join("\n") + "\n")?;
    Ok(StaffLogin::new(email, password, Some(factor_files)))
}

/// Whoever only keys needs no second factor.
async fn keyer_login(
    services: &Services,
    data_dir: &Path,
    email: &'static str,
    name: &str,
) -> Result<StaffLogin, CommandError> {
    let password = data_dir.join(format!("{name}-password.txt"));
    if store::staff::by_email(&services.db, email).await?.is_none() {
        add_with_password(services, &password, email, Role::Keyer).await?;
    }
    Ok(StaffLogin::new(email, password, None))
}

async fn add_with_password(
    services: &Services,
    file: &Path,
    email: &str,
    role: Role,
) -> Result<UserId, CommandError> {
    let password = random_token(&mut services.randomness.generator());
    fs::write(file, format!("{password}\n"))?;
    Ok(add_user::add_user(services, &operator(), email, password, role).await?)
}

/// The files in which a way in stands.
struct StaffLogin {
    email: &'static str,
    password: PathBuf,
    factor: Option<FactorFiles>,
}

struct FactorFiles {
    secret: PathBuf,
    codes: PathBuf,
}

impl StaffLogin {
    fn new(email: &'static str, password: PathBuf, factor: Option<FactorFiles>) -> Self {
        Self {
            email,
            password,
            factor,
        }
    }

    fn print(&self) {
        let password = fs::read_to_string(&self.password);
        let password = password.unwrap_or_else(|_| "(as you set it)".to_owned());
        println!(
            "                    {} with the password {}",
            self.email,
            password.trim()
        );
        let Some(factor) = &self.factor else {
            return;
        };
        println!("                    then a code: of an authenticator app that has the key in");
        println!("                    {}", factor.secret.display());
        println!("                    or one of those in");
        println!(
            "                    {} (each works once)\n",
            factor.codes.display()
        );
    }
}

fn print_addresses(url: &str, logins: &[StaffLogin], codes_file: &Path) {
    println!("\nCount Me In, with sample surveys and responses. Open in a browser:\n");
    println!("  everything        {url}/");
    println!("  answer a survey   {url}/w/co-production-attitudes/now");
    println!("  vote on projects  {url}/w/citizen-priorities/now");
    println!("  vote with a code  {url}/w/citizen-priorities-knapsack/now");
    println!("                    (codes: {})", codes_file.display());
    println!("  results           {url}/r/co-production-attitudes/april");
    println!("                    {url}/r/citizen-priorities/autumn");
    println!("                    {url}/r/citizen-priorities/now (while people vote)");
    println!("  staff             {url}/staff/login");
    for login in logins {
        login.print();
    }
    println!("                    (publishing takes the first two: one asks, the other confirms;");
    println!("                    the other two key paper)\n");
    println!("The counts of January and April 2012 are an illustrative reconstruction: the source");
    println!("gives percentages only (surveys/samples/README.md).\n");
}
