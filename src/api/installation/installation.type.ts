import { Field, ObjectType } from 'type-graphql'

@ObjectType('Setting', {
  description: 'A setting of this installation; it is changed in the environment of its processes.',
})
export class SettingType {
  @Field(() => String, { description: 'Environment variable.' })
  variable!: string

  @Field(() => String)
  purpose!: string

  @Field(() => String, {
    nullable: true,
    description: 'What holds now. Null: nothing does, or it is a secret.',
  })
  value!: string | null

  @Field(() => Boolean, { description: 'Whether the environment sets it; otherwise its default holds.' })
  isSet!: boolean

  @Field(() => Boolean, { description: 'Its value is never shown.' })
  isSecret!: boolean
}

@ObjectType('SecretKey', {
  description: 'The key that encrypts the stored secrets of connections, by fingerprints.',
})
export class SecretKeyType {
  @Field(() => String, {
    nullable: true,
    description: 'The key in use. Null: there is none that can be used.',
  })
  current!: string | null

  @Field(() => [String], {
    description: 'Keys that only decrypt, until `accord secrets rotate` has encrypted everything anew.',
  })
  previous!: readonly string[]

  @Field(() => String, {
    nullable: true,
    description: 'Why secrets can be neither stored nor read, and what to do. Null: they can.',
  })
  problem!: string | null
}

@ObjectType('Installation', { description: 'This installation of Accord.' })
export class InstallationType {
  @Field(() => String)
  version!: string

  @Field(() => [SettingType], { description: 'Every setting there is, in the order of the documentation.' })
  settings!: readonly SettingType[]

  @Field(() => SecretKeyType)
  secretKey!: SecretKeyType
}
