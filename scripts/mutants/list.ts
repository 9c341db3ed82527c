/**
 * Mistakes that someone could make in the contracts, each a small change of the text. The tests must notice every one.
 * The first nine come from a prototype's mutation run, where three survived and one died to negative tests alone.
 */
export interface Mutant {
  name: string
  file: string
  from: string
  to: string
}

const LEDGER = 'contracts/Ledger.sol'
const ACCOUNTS = 'contracts/ledger/LedgerAccounts.sol'
const CHANNELS = 'contracts/ledger/LedgerChannels.sol'
const EARNINGS = 'contracts/ledger/LedgerEarnings.sol'
const CURRENCY = 'contracts/libraries/Currency.sol'
const REGISTRY = 'contracts/Registry.sol'
const EVIDENCE = 'contracts/court/CourtEvidence.sol'
const MODELS = 'contracts/Models.sol'

const NAMED: Mutant[] = [
  {
    name: 'settling does not debit the account',
    file: LEDGER,
    from: 'if (paid > left) accounts[client] = Account(account.signer, account.balance - (paid - left));',
    to: ''
  },
  {
    name: 'an exit is not clamped when it leaves',
    file: ACCOUNTS,
    from: 'uint96 amount = exit.amount < balance ? exit.amount : balance;',
    to: 'uint96 amount = exit.amount;'
  },
  { name: 'a prefund is not debited', file: CHANNELS, from: 'accounts[client].balance = account.balance - need;', to: '' },
  {
    name: 'the base of a prefund ignores what was settled',
    file: CHANNELS,
    from: 'uint96 base = channel.prefunded > channel.settled ? channel.prefunded : channel.settled;',
    to: 'uint96 base = channel.prefunded;'
  },
  {
    name: 'settling ignores what is prefunded',
    file: LEDGER,
    from: 'uint96 left = channel.prefunded > from ? channel.prefunded - from : 0;',
    to: 'uint96 left = 0;'
  },
  {
    name: 'a voucher needs no signature',
    file: LEDGER,
    from: 'require(_isClientKey(client, account.signer, digest, item.r, item.vs), BadVoucher(g, i));',
    to: 'digest;'
  },
  {
    name: 'a prefund needs no signature',
    file: CHANNELS,
    from: 'require(_isClientKey(client, account.signer, digest, r, vs), BadClientSignature(client));',
    to: 'digest;'
  },
  {
    name: 'an old key never ends',
    file: ACCOUNTS,
    from: 'return recovered == old.signer && block.timestamp < old.validUntil;',
    to: 'return recovered == old.signer;'
  },
  { name: 'a deposit does not clamp a waiting exit', file: ACCOUNTS, from: 'exits[client].amount = account.balance;', to: '' }
]

const AUTHORITY: Mutant[] = [
  {
    name: 'a release needs no signature',
    file: CHANNELS,
    from: 'require(_isProviderKey(provider, digest, signature), BadProviderSignature(provider));',
    to: 'digest;'
  },
  {
    name: 'anyone cuts batches for a provider',
    file: LEDGER,
    from: 'require(_isProviderKey(provider, digest, signature), BadProviderSignature(provider));',
    to: 'digest;'
  },
  { name: 'earnings go to whoever claims them', file: EARNINGS, from: '_registry.payoutOf(provider);', to: 'msg.sender;' },
  {
    name: 'anyone sets the shares of a model',
    file: EARNINGS,
    from: 'require(msg.sender == address(_models), NotModels(msg.sender));',
    to: ''
  },
  {
    name: 'the first deposit makes its sender the signer',
    file: ACCOUNTS,
    from: 'account.signer == address(0) ? client : account.signer;',
    to: 'account.signer == address(0) ? msg.sender : account.signer;'
  },
  {
    name: 'a second rotation drops the first old key',
    file: ACCOUNTS,
    from: 'require(block.timestamp >= pending, RotationPending(pending));',
    to: ''
  },
  {
    name: 'a key is added without its consent',
    file: REGISTRY,
    from: 'require(recovered != address(0) && recovered == key, BadKeySignature(key));',
    to: 'recovered;'
  },
  {
    name: 'a key that signs for another is taken over',
    file: REGISTRY,
    from: `require(owner == address(0), KeyTaken(key, owner));
        bytes32 digest`,
    to: `owner;
        bytes32 digest`
  },
  {
    name: 'a prefund has no deadline',
    file: CHANNELS,
    from: 'require(block.timestamp <= deadline, Expired(deadline, block.timestamp));\n        Account',
    to: 'Account'
  },
  {
    name: 'a relayed batch has no deadline',
    file: LEDGER,
    from: 'require(block.timestamp <= deadline, Expired(deadline, block.timestamp));',
    to: ''
  },
  {
    name: 'the type of a voucher has one space more',
    file: 'contracts/libraries/TypedData.sol',
    from: '"Voucher(address client,address',
    to: '"Voucher(address client, address'
  }
]

const TIME: Mutant[] = [
  {
    name: 'an exit needs no request',
    file: ACCOUNTS,
    from: 'exit.readyAt != 0 && block.timestamp >= exit.readyAt, ExitNotReady',
    to: 'block.timestamp >= exit.readyAt, ExitNotReady'
  },
  {
    name: 'an exit leaves a second early',
    file: ACCOUNTS,
    from: 'block.timestamp >= exit.readyAt, ExitNotReady',
    to: 'block.timestamp + 1 >= exit.readyAt, ExitNotReady'
  },
  {
    name: 'a release does not wait',
    file: CHANNELS,
    from: 'require(readyAt != 0 && block.timestamp >= readyAt, ReleaseNotReady',
    to: 'require(readyAt != 0, ReleaseNotReady'
  },
  {
    name: 'a prefund leaves an old release running',
    file: CHANNELS,
    from: 'if (releaseAt[provider][modelId][client] != 0) delete releaseAt[provider][modelId][client];',
    to: ''
  },
  {
    name: 'stake leaves under an open case',
    file: REGISTRY,
    from: 'require(standing.openCases == 0, CasesOpen(standing.openCases));',
    to: ''
  },
  { name: 'stake leaves behind a young batch', file: REGISTRY, from: '_requireNoFreshBatch(msg.sender, newest);', to: 'newest;' },
  { name: 'new stake leaves on an old timer', file: REGISTRY, from: 'standings[msg.sender].unbonding = stake;', to: '' }
]

const BOOKS: Mutant[] = [
  {
    name: 'units fall',
    file: LEDGER,
    from: 'uint64 units = item.units > channel.units ? item.units : channel.units;',
    to: 'uint64 units = item.units;'
  },
  { name: 'batches overwrite each other', file: LEDGER, from: 'book.batches + 1,', to: 'book.batches,' },
  { name: 'lifetime is not counted', file: LEDGER, from: 'book.lifetime + part)', to: 'book.lifetime)' },
  {
    name: 'royalties are paid twice',
    file: LEDGER,
    from: 'uint96 part = uint96(total - batch.royalty);',
    to: 'uint96 part = uint96(total);'
  },
  { name: 'a batch may hold 257 vouchers', file: LEDGER, from: 'BATCH_ITEMS_MAX = 256;', to: 'BATCH_ITEMS_MAX = 257;' },
  {
    name: 'royalties are rounded batch by batch',
    file: 'contracts/libraries/Shares.sol',
    from: 'grown * bps / WHOLE - gross * bps / WHOLE;',
    to: '(grown - gross) * bps / WHOLE;'
  },
  { name: 'a royalty is fetched again and again', file: EARNINGS, from: 'royaltyClaimed[modelId][payee] = lifetime;', to: '' },
  { name: 'earnings are claimed again and again', file: EARNINGS, from: 'earned[provider].amount = 0;', to: '' },
  {
    name: 'royalties above the ceiling',
    file: MODELS,
    from: 'require(total <= BPS_MAX, RoyaltyTooHigh(total, BPS_MAX));',
    to: ''
  },
  { name: 'a leaf is hashed once', file: 'contracts/libraries/BatchTree.sol', from: 'hash := keccak256(0, 0x20)', to: '' },
  {
    name: 'pairs of the batch tree are not sorted',
    file: 'contracts/libraries/BatchTree.sol',
    from: 'Hashes.commutativeKeccak256(leaves[child], leaves[child + 1])',
    to: 'Hashes.efficientKeccak256(leaves[child], leaves[child + 1])'
  },
  {
    name: 'a fee on transfer is credited',
    file: CURRENCY,
    from: 'require(received == amount, InexactTransfer(received, amount));',
    to: 'received;'
  },
  { name: 'a refused coin counts as paid', file: CURRENCY, from: 'require(sent, PaymentRefused(to, amount));', to: 'sent;' },
  {
    name: 'claims may be entered from a transfer',
    file: EARNINGS,
    from: 'function claim(address provider) external nonReentrant',
    to: 'function claim(address provider) external'
  },
  {
    name: 'exits may be entered from a transfer',
    file: ACCOUNTS,
    from: 'function finishExit() external nonReentrant',
    to: 'function finishExit() external'
  },
  {
    name: 'royalties may be entered from a transfer',
    file: EARNINGS,
    from: 'function claimRoyalty(bytes32 modelId, uint256 payee) external nonReentrant',
    to: 'function claimRoyalty(bytes32 modelId, uint256 payee) external'
  },
  {
    name: 'deposits may be entered from a transfer',
    file: ACCOUNTS,
    from: 'function deposit(address client, uint96 amount) external payable nonReentrant',
    to: 'function deposit(address client, uint96 amount) external payable'
  },
  {
    name: 'a slash above the stake reverts',
    file: REGISTRY,
    from: 'taken = amount < stake ? amount : stake;',
    to: 'taken = amount;'
  },
  { name: 'a slash does not jail', file: REGISTRY, from: 'standings[provider].jailed = true;', to: '' }
]

const COURT: Mutant[] = [
  {
    name: 'a fault is punished again and again',
    file: EVIDENCE,
    from: 'require(!punished[id][fault], AlreadyPunished(id, fault));',
    to: ''
  },
  {
    name: 'evidence signed by anyone counts',
    file: EVIDENCE,
    from: 'require(signer != address(0) && _registry.keyOwner(signer) == provider, BadEvidence(provider, signer));',
    to: 'signer; provider;'
  },
  {
    name: 'work up to a hand-off is past it',
    file: EVIDENCE,
    from: '&& receipt.to > handOff.to',
    to: '&& receipt.to >= handOff.to'
  },
  {
    name: 'one receipt twice is a conflict',
    file: EVIDENCE,
    from: 'require(id == _idOf(b) && hashA != hashB, NoConflict());',
    to: 'require(id == _idOf(b), NoConflict());'
  },
  {
    name: 'a harmed client gets more than ten times its money',
    file: 'contracts/court/CourtBooks.sol',
    from: 'if (toClient > paid * HARM_FACTOR) toClient = paid * HARM_FACTOR;',
    to: 'paid;'
  },
  {
    name: 'what nobody gets is forgotten',
    file: 'contracts/court/CourtBooks.sol',
    from: '_doom(taken - toReporter - toClient - toCommittee);',
    to: 'toCommittee;'
  },
  {
    name: 'silence is punished a second early',
    file: 'contracts/Court.sol',
    from: 'require(block.timestamp > until, TooEarly',
    to: 'require(block.timestamp >= until, TooEarly'
  },
  {
    name: 'evidence of any age opens a case',
    file: 'contracts/Court.sol',
    from: 'require(block.timestamp < postedAt + EVIDENCE_AGE, EvidenceTooOld(postedAt, EVIDENCE_AGE));',
    to: ''
  },
  {
    name: 'a closed case keeps the stake',
    file: 'contracts/Court.sol',
    from: '_registry.holdStake(provider, false);',
    to: 'provider;'
  },
  {
    name: 'stake of the very block has tickets',
    file: 'contracts/court/CommitteeDraw.sol',
    from: 'known.since >= entry.openedBlock',
    to: 'known.since > entry.openedBlock'
  },
  { name: 'who does not sit votes', file: 'contracts/Committee.sol', from: '_requireSeated(id);', to: '' },
  {
    name: 'a verdict stands before all votes are shown',
    file: 'contracts/Committee.sol',
    from: 'if (!allShown && block.timestamp <= entry.verdictBy)',
    to: 'if (!allShown && false)'
  }
]

export const mutants: readonly Mutant[] = [...NAMED, ...AUTHORITY, ...TIME, ...BOOKS, ...COURT]
