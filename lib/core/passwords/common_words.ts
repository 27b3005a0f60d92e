/**
 * Words that lists of leaked passwords are full of, in lower case: what people
 * take first. A password of at most two of them, with whatever digits, walks
 * over the keyboard or repetitions around, is guessed early.
 *
 * @module
 */

/** The words. Chosen by us from what is publicly known of such lists. */
export const COMMON_WORDS: ReadonlySet<string> = new Set(
  `
password passwort passwd passw pass pwd motdepasse contrasena senha parola wachtwoord haslo heslo
secret secure security private access login logon signin admin administrator root user username guest
test testing tester demo sample example default temp temporary change changeme changethis letmein
letme welcome hello hi hey hallo hola bonjour goodbye bye please thanks thankyou sorry
qwerty qwertz azerty asdf zxcv qaz wsx edc abc abcd abcdef abcdefg alphabet numbers letters
iloveyou ilove love lover lovely loveme loveyou mylove amour liebe amor kiss kisses hug sweet sweetie
sweetheart honey baby babygirl babyboy darling princess prince queen king angel angels heaven devil
god jesus christ church bless blessed faith hope peace pray allah bible lord
monkey dragon tiger lion bear eagle wolf shark snake panther cobra falcon hawk phoenix unicorn horse
dog doggy puppy cat kitty kitten bird fish rabbit bunny chicken turtle dolphin butterfly spider mouse
football soccer baseball basketball hockey tennis golf rugby cricket volleyball swimming running
liverpool chelsea arsenal barcelona realmadrid manchester united juventus milan yankees cowboys
lakers steelers eagles packers patriots redsox giants raiders dodgers bulls celtics
superman batman spiderman ironman hulk thor avengers marvel starwars startrek pokemon pikachu naruto
goku sonic mario zelda minecraft fortnite roblox callofduty warcraft starcraft counterstrike halo
matrix gandalf frodo hobbit harrypotter potter hogwarts yoda vader skywalker joker wonderwoman
michael david daniel john james robert thomas joshua matthew andrew anthony joseph charles george
william richard jason justin ryan brandon nicholas jordan tyler austin kevin eric brian steven
patrick alex alexander alexandra ben benjamin sam samuel samantha max martin peter paul mark lucas
jessica ashley amanda sarah jennifer michelle nicole stephanie elizabeth melissa maria anna emma
olivia sophia isabella charlotte laura julia lisa linda karen susan barbara patricia victoria hannah
daddy mommy mom dad mother father brother sister family friend friends forever always together
summer winter spring autumn fall sun sunshine moon star stars sky rain rainbow snow storm thunder
monday tuesday wednesday thursday friday saturday sunday january february march april may june july
august september october november december today tomorrow yesterday birthday christmas halloween easter
red orange yellow green blue purple pink black white silver gold golden diamond crystal ruby emerald
apple banana cherry peach lemon strawberry chocolate cookie cookies candy sugar coffee pepper ginger
pizza cheese butter bacon whiskey vodka beer wine
computer internet google facebook youtube instagram twitter linkedin microsoft windows apple iphone
samsung android laptop keyboard monitor server network system master hacker hacking matrix database
oracle cisco linux ubuntu github gitlab docker amazon netflix spotify discord telegram whatsapp
bitcoin btc ethereum eth crypto cryptocurrency hodl hodler tothemoon moon lambo binance coinbase kraken
bitmex bybit satoshi nakamoto dogecoin doge shiba solana cardano ripple trader trading trade trades
trademaster forex stocks market bull bullish bear bearish long short profit money cash dollar dollars
rich millionaire billionaire wallet exchange invest investor smc smcfleet fleet agent agents
mercedes ferrari porsche bmw audi honda toyota ford mustang corvette camaro harley yamaha suzuki
america american canada england london paris berlin newyork texas california florida chicago boston
germany deutschland france italia italy spain espana mexico brasil brazil russia india china japan
freedom liberty happy happiness smile lucky magic mystery dream dreams hero legend killer ninja pirate
warrior soldier ranger hunter sniper shadow ghost zombie vampire demon dark darkness night knight
cool awesome amazing super mega ultra power powerful strong number one two three four five six seven
eight nine ten first best great good nice sexy hot fuck fucker fuckyou fuckoff bitch shit asshole damn
whatever nothing something anything everything nobody somebody everybody
my mine your yours his her our me you i am is the a an this that it in on of for to and or no not yes
company office work job boss manager support helpdesk service student teacher school college university
music guitar piano drums rock metal metallica nirvana slipknot eminem beatles queen rockstar
correct horse battery staple trustno trustnoone opensesame sesame abracadabra blink
`.trim().split(/\s+/),
);
