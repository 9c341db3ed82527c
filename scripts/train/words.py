"""The words that chats are made of. Names are split: one in eight never occurs in training and serves the evaluation only,
so a recalled name is one the model had to read in the chat."""
import zlib

FIRST_NAMES = (
    "Ada Adam Aisha Alan Alba Alex Ali Alice Alma Amir Amy Ana Anders Andrea Anna Anton Ari Arthur Asha Astrid Ava Ben Bella Boris Bruno "
    "Carl Carla Carlos Carmen Chen Chloe Clara Claire Dana Daniel David Daria Diego Dora Eda Edgar Elena Eli Elif Ella Elsa Emil Emma Eric "
    "Esther Eva Fatima Felix Finn Fiona Frank Frida George Gina Grace Greta Hana Hannah Harry Hassan Helen Henry Hugo Ian Ibrahim Ida Igor "
    "Ines Ingrid Iris Isaac Ivan Ivy Jack James Jan Jane Jasper Jin Joan John Jonas Jorge José Julia Jun Jürgen Kai Karen Karim Kate Kenji "
    "Kim Klara Kofi Lara Laura Lea Lena Leo Leila Liam Lily Lin Linda Lisa Lucas Lucy Luis Luna Łukasz Maja Marco Maria Marta Martin Max "
    "Maya Mei Mia Michael Mila Milan Mina Mohamed Nadia Nathan Nia Nico Nina Noah Noor Nora Olga Oliver Olivia Omar Oscar Otto Pablo Paul "
    "Paula Pedro Peter Petra Philip Priya Quinn Rachel Raj Ravi Rita Robert Rosa Ruth Ryan Sam Samira Sara Sasha Sean Selma Simon Sofia "
    "Sonia Stefan Sven Tara Tariq Tess Theo Thomas Tim Tina Tom Uma Vera Victor Viola Walter Wanda Wei Will Yara Yusuf Yuki Zara Zoe Zoë").split()
TOWNS = (
    "Accra Amsterdam Ankara Athens Austin Baku Bari Basel Beirut Bergen Berlin Bern Bilbao Bogota Bonn Boston Bristol Brno Cairo Calgary "
    "Chicago Cork Dakar Dallas Delhi Denver Dublin Essen Geneva Genoa Ghent Glasgow Graz Hamburg Hanoi Helsinki Istanbul Jakarta Kiel Krakow "
    "Kyoto Lagos Leeds Leipzig Lima Lisbon London Lyon Madrid Malmö Manila Milan Minsk Montreal Moscow Munich Nairobi Naples Nice Oslo Oxford "
    "Paris Perth Porto Prague Quito Riga Rome Seattle Seoul Seville Split Sydney Tallinn Tokyo Toronto Tunis Turin Utrecht Vienna Warsaw York Zürich").split()
PETS = ("Ace Angel Bailey Bandit Biscuit Blue Buddy Bubbles Charlie Coco Cookie Daisy Ginger Gizmo Jasper Kiki Lucky Luna Max Milo Misty Molly "
        "Oreo Pepper Rex Rocky Rusty Sammy Shadow Smokey Snowy Socks Sparky Spot Sunny Tiger Toby Whiskers Ziggy").split()
COLORS = "red blue green yellow black white silver golden purple orange pink brown gray".split()
OBJECTS = (
    "key lamp boat book drum kite map coin ring bell clock flute ball box bag cup hat coat chair table bike car train bottle candle mirror "
    "stone shell feather basket lantern ladder rope wheel spoon hammer pen letter piano guitar violin robot rocket telescope camera umbrella "
    "blanket pillow ship sword crown scarf glove button balloon ticket bucket broom whistle compass anchor pot").split()
ANIMALS = ("dog cat fox owl crow bear goat hare wolf mouse duck frog horse pig sheep hen rabbit parrot turtle snail lizard hamster swan seal "
           "otter badger deer eagle spider whale penguin monkey lion tiger dragon").split()
PET_ANIMALS = "dog cat fox owl crow goat hare mouse duck frog horse pig rabbit parrot turtle hamster lizard hen snake bird fish".split()
PLACES = ("forest harbor village mountain desert island valley market river garden tower bridge sea lake castle city farm meadow beach school "
          "library station cave moon").split()
FEELINGS = "happy proud calm tired brave curious quiet cheerful".split()
TOPICS = ("friendship love winter summer rain snow music time trees stars flowers dreams courage space magic pirates bread tea football "
          "computers mountains birds ghosts wind fire the").split()[:-1]

_PLAIN = "ba be bi bo bu da de di do du fa fe fi fo ga go ka ke ki ko la le li lo lu ma me mi mo mu na ne ni no ra re ri ro sa se si so su ta te ti to tu va ve vi vo za ze zi zo".split()
_ONSETS = "b bl br c ch cr d dr f fl g gl gr h j k kl l m n p ph pl qu r s sh sk sl st t th tr v w x y z".split()
_VOWELS = "a e i o u ai ea ee oo ou y".split()
_CODAS = ["", "", "", *"b ck d g k l ll m n nd ng r rn s sh st t th x z".split()]


def held_out(word):
    return zlib.crc32(word.encode()) % 8 == 0


def invented(r):
    """A word nobody uses: plain syllables, or harder ones."""
    if r.random() < 0.5:
        return "".join(r.choice(_PLAIN) for _ in range(r.randint(2, 4)))
    return "".join(r.choice(_ONSETS) + r.choice(_VOWELS) + r.choice(_CODAS) for _ in range(r.randint(1, 3)))


def proper(r, known, evaluating):
    """A capitalised name, from the list or invented, on the asked side of the split."""
    while True:
        word = r.choice(known) if r.random() < 0.35 else invented(r).capitalize()
        if held_out(word) == evaluating and len(word) > 1:
            return word
