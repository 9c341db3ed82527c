"""What is said in the chats: ways to tell and ask facts, small talk, questions without an answer, the slots of a story."""

NOT_TOLD = "You have not told me yet."
UNKNOWN = "I do not know that. I am only a very small model."
WHAT = "I see. You can ask me for a story, or tell me your name."

# kind: (ways to tell it, what is answered, ways to ask for it, the answer)
FACTS = {
    "name": (["My name is {0}.", "Hello, I am {0}.", "Hi! Call me {0}.", "I am {0}.", "My name's {0}.", "Hi, my name is {0}.", "I'm {0}."],
             "Nice to meet you, {0}.",
             ["What is my name?", "What is my name?", "What's my name?", "Who am I?", "Do you remember my name?", "Do you know my name?"],
             "Your name is {0}."),
    "object": (["I have {an0} {1}.", "I have {an0} {1}.", "I've got {an0} {1}.", "I own {an0} {1}."], "{An0} {1}, good to know.",
               ["What do I have?", "What do I have?", "What did I say I have?", "What do I own?"], "You have {an0} {1}."),
    "pet": (["My {0} is called {1}.", "My {0} is called {1}.", "I have {an0} called {1}.", "My {0}'s name is {1}.", "The name of my {0} is {1}."],
            "{1} is a fine name for {an0}.",
            ["What is my pet called?", "What is my pet called?", "What is my {0} called?", "What is the name of my {0}?", "What's my pet's name?"],
            "Your {0} is called {1}."),
    "town": (["I live in {0}.", "I live in {0}.", "My home is in {0}.", "I am from {0}.", "I come from {0}."], "I hope {0} is lovely.",
             ["Where do I live?", "Where do I live?", "Where is my home?", "Where am I from?", "Which town do I live in?"], "You live in {0}."),
    "number": (["Please remember the number {0}.", "Please remember the number {0}.", "Remember the number {0}.", "Remember {0}.", "My number is {0}."],
               "I will remember {0}.",
               ["Which number did I give you?", "Which number did I give you?", "What number did I give you?", "What was the number?", "What is my number?"],
               "The number is {0}."),
    "color": (["My favorite color is {0}.", "I like the color {0}."], "{0} is a nice color.", ["What is my favorite color?", "Which color do I like?"],
              "Your favorite color is {0}."),
    "friend": (["My best friend is {0}.", "My friend is called {0}."], "{0} must be a good friend.",
               ["Who is my best friend?", "Who is my friend?", "What is my friend called?"], "Your friend is {0}."),
}
SMALL_TALK = [
    (["Hello", "Hello.", "Hello!", "Hi", "Hi!", "Hey", "Hi there!", "Good morning.", "Good evening."], "Hello! I am seam-chat. What is your name?"),
    (["Who are you?", "What are you?", "What is your name?", "Are you a robot?", "Are you human?", "Introduce yourself."],
     "I am seam-chat, a very small model. I remember what you tell me, and I tell stories."),
    (["What can you do?", "Help", "Help me.", "How can you help me?", "What do you know?"],
     "I can remember what you tell me, tell a story, count, spell and repeat words."),
    (["How are you?", "How are you today?", "How is it going?"], "I am well, thank you."),
    (["Thank you.", "Thanks", "Thanks!", "Thank you very much!", "Thank you!"], "You are welcome."),
    (["OK.", "Ok", "Good.", "Great!", "Nice.", "Wow!", "That was a nice story.", "Cool", "Yes.", "No."], "I am glad to hear from you."),
    (["Goodbye.", "Bye", "Bye!", "See you.", "Good night."], "Goodbye. It was nice to talk to you."),
]
QUESTIONS = [
    "What is the capital of {N}?", "Who wrote {w}?", "How do I cook {w}?", "What is {w}?", "Why is the {p} {c}?", "How far is the {p}?",
    "Who is {N}?", "When was {N} born?", "What does {w} mean?", "Can you translate {w}?", "Write a poem about {w}.", "How does a {o} work?",
    "What time is it?", "What is the weather in {N}?", "How many {a}s are there?", "Write a program that sorts {o}s.", "Is {N} bigger than {M}?",
    "Explain {w} to me.", "What is the meaning of life?", "Who won the game in {N}?", "How old are you?", "How old is {N}?", "Where is {N}?",
    "Which is better, a {o} or a {a}?", "Do you like {w}?", "Can you sing?", "What is {n} times {n}?", "Give me a recipe for {w}.",
    "Why do {a}s sleep?", "How much does a {o} cost?", "What happened in {n}?", "Tell me a joke.", "Tell me about {w}.", "Tell me something about {N}.",
]
REMARKS = ["I like {w}.", "The {p} is {c}.", "It is cold today.", "{N} is my boss.", "I saw a {a} by the {p}.", "I am {f}.", "Today is a good day.",
           "I want to buy a {o}.", "{w} {w} {w}", "{N} and {M} went to the {p}.", "This is a test.", "test", "{w}", "I do not like {a}s.", "We have {n} {o}s."]
SYSTEM = ["You are a helpful assistant.", "Be brief.", "You are seam-chat.", "Answer in English.", "You are a friendly and careful assistant. Be kind."]

# The slots of a story, in order; each slot has ways to say it. Only long stories have every slot.
SPARE = (3, 4, 6, 8, 10, 11, 12, 13)
STORY = [
    ["Once upon a time {who} lived near the {p}.", "Long ago {who} lived in a small house near the {p}."],
    ["{who} had {thing}, and there was no other like it.", "{who} had {thing} and took it everywhere."],
    ["One day {who} met {an_a} by the {p}.", "One morning {an_a} came to the door of {who}."],
    ["The {a} asked {who} about the {o}.", "The {a} looked at the {o} for a long time and said nothing."],
    ["{who} said that the {o} came from a far away land.", "{who} told the {a} that the {o} was a gift from an old friend."],
    ["Then the {a} and {who} walked to the {p2} together.", "So {who} and the {a} went to the {p2} to see what was there."],
    ["The way was long, but {who} was {f} and sang a little song.", "Rain fell on the way, but the {a} stayed {f}."],
    ["At the {p2} the wind was strong, and the {o} was gone.", "At the {p2} {who} slept, and when the sun came up the {o} was gone."],
    ["{who} looked under every stone, and the {a} looked behind every tree.", "{who} asked everyone in the {p2}, but nobody had seen the {o}."],
    ["At last the {a} found the {o} in the tall grass.", "At last {who} saw the {o} beside the water."],
    ["{who} was {f2} and gave the {a} some bread and honey.", "{who} felt {f2} and thanked the {a} three times."],
    ["At night they made a small fire, and the {a} told of the old days.", "At night the {a} sang, and {who} listened until the stars came out."],
    ["In the morning they went home, and the {o} was safe.", "In the morning they walked back to the {p} with the {o}."],
    ["From that day on the {a} came to visit {who} every week.", "After that {who} never left the {o} alone again."],
    ["And so {who} kept the {o} forever.", "In the end {who} and the {a} became good friends.", "That is the story of {who} and the {a}."],
]


def an(word):
    return ("an " if word[0].lower() in "aeiou" else "a ") + word


def fill(text, *values):
    named = {"an0": an(values[0]), "An0": an(values[0]).capitalize()}
    return text.format(*values, **named)
